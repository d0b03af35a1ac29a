import Foundation
import Postgres
import ServiceKit

/// A place where a person wants to be told, as its owner sees it: nothing of what is sealed.
struct Channel: Codable, Sendable, Versioned, RowDecodable {
    static let mostOfOnePerson = 20

    var id: UUID
    var userID: UUID
    var channelType: ChannelType
    var channelName: String
    var destination: String
    var isVerified: Bool
    var verificationExpires: Date?
    var verifiedAt: Date?
    var isActive: Bool
    var disabledReason: String?
    var isPrimary: Bool
    var enabledNotificationTypes: [NotificationType]
    var frequency: Frequency
    var rateLimitPerHour: Int
    var rateLimitPerDay: Int
    var metadata: [String: String]
    var createdAt: Date
    var updatedAt: Date
    var version: Int64

    static let columns: SQL = """
        id, user_id, channel_type, channel_name, destination, is_verified, verification_expires, verified_at, is_active, disabled_reason,
        is_primary, enabled_notification_types, frequency, rate_limit_per_hour, rate_limit_per_day, metadata, created_at, updated_at, version
        """

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        channelType = try row["channel_type"]
        channelName = try row["channel_name"]
        destination = try row["destination"]
        isVerified = try row["is_verified"]
        verificationExpires = try row["verification_expires"]
        verifiedAt = try row["verified_at"]
        isActive = try row["is_active"]
        disabledReason = try row["disabled_reason"]
        isPrimary = try row["is_primary"]
        enabledNotificationTypes = try row["enabled_notification_types"]
        frequency = try row["frequency"]
        rateLimitPerHour = try row["rate_limit_per_hour"]
        rateLimitPerDay = try row["rate_limit_per_day"]
        metadata = try row.json("metadata")
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
        version = try row["version"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case userID = "user_id"
        case channelType = "channel_type"
        case channelName = "channel_name"
        case destination
        case isVerified = "is_verified"
        case verificationExpires = "verification_expires"
        case verifiedAt = "verified_at"
        case isActive = "is_active"
        case disabledReason = "disabled_reason"
        case isPrimary = "is_primary"
        case enabledNotificationTypes = "enabled_notification_types"
        case frequency
        case rateLimitPerHour = "rate_limit_per_hour"
        case rateLimitPerDay = "rate_limit_per_day"
        case metadata
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case version
    }
}
