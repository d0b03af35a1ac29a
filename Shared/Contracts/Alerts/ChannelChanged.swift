import Foundation
import Messaging

/// Somebody has shown that a channel is theirs, or has removed one. It is for the audit trail.
public struct ChannelChanged: Event {
    public static let name = "alerts.channel.changed.v1"
    public enum Act: String, Codable, Sendable { case verified, removed }
    public var channelID: UUID
    public var userID: UUID
    /// email, sms, push, discord, telegram, webhook
    public var channelType: String
    public var act: Act
    public var subject: UUID { channelID }
    public init(channelID: UUID, userID: UUID, channelType: String, act: Act) {
        self.channelID = channelID
        self.userID = userID
        self.channelType = channelType
        self.act = act
    }
    enum CodingKeys: String, CodingKey {
        case channelID = "channel_id"
        case userID = "user_id"
        case channelType = "channel_type"
        case act
    }
}
