import Foundation

/// A delivery that this copy sends now, and nobody else until its lease is over.
struct ClaimedDelivery: Sendable {
    var id: UUID
    var userID: UUID?
    var channelID: UUID?
    var channel: ChannelType
    var notificationType: String
    var priority: Priority
    var isDigest: Bool
    var content: DeliveryContent
    var secret: DeliverySecret?
    var addressSealed: Data?
    var metadata: [String: String]
    /// Which attempt this is, from 1 on.
    var attempt: Int
    var expiresAt: Date?

    /// Without a sound: what does not matter much, or what the channel's owner wants so.
    var isSilent: Bool { priority == .low || (metadata["silent"] == "true" && priority != .urgent) }

    /// As it is written to the other side: the same at every attempt.
    var reference: String { id.uuidString.lowercased() }
}
