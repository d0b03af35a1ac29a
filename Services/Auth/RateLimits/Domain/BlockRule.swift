import ServiceKit

/// When somebody who goes on beyond their limits is shut out, and for how long.
struct BlockRule: Sendable {
    /// In so many of the last ten windows they were refused as often as they are allowed to ask; 0 for never.
    let windows: LiveValue<Int>
    let minutes: LiveValue<Int>

    init(_ configuration: Configuration) {
        windows = configuration.live(ConfigurationKey("rate_limits.block_after_windows"), default: 3)
        minutes = configuration.live(ConfigurationKey("rate_limits.block_minutes"), default: 15)
    }
}
