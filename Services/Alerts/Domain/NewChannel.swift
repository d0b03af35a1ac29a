import Foundation

/// A channel that somebody adds, checked.
struct NewChannel: Sendable {
    var name: String
    var address: ChannelAddress
    var types: [NotificationType]
    var frequency: Frequency
    var limits: ChannelLimits
    var metadata: [String: String]
}
