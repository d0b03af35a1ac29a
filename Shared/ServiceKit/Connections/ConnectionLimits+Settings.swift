import NIOCore

extension ConnectionLimits {
    /// `HTTP_HEADER_TIMEOUT` (15s), `HTTP_BODY_GRACE` (30s), `HTTP_STALL_TIMEOUT` (60s) and `HTTP_LINGER` (5s). Throws `SettingError`.
    init(_ settings: Settings) throws {
        header = try settings.time("HTTP_HEADER_TIMEOUT", default: header)
        bodyGrace = try settings.time("HTTP_BODY_GRACE", default: bodyGrace)
        stall = try settings.time("HTTP_STALL_TIMEOUT", default: stall)
        linger = try settings.time("HTTP_LINGER", default: linger)
    }
}

extension Settings {
    fileprivate func time(_ name: String, default standard: TimeAmount) throws -> TimeAmount {
        TimeAmount(try duration(name, default: .nanoseconds(standard.nanoseconds)))
    }
}
