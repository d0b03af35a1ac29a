import Foundation
import Postgres
import ServiceKit

enum ChannelType: String, PostgresEnumeration, WireEnumeration {
    case email, sms, push, discord, telegram
}

enum NotificationType: String, PostgresEnumeration, WireEnumeration {
    case newListing = "new_listing"
    case contactFound = "contact_found"
    case systemAlert = "system_alert"
    case reminder
}

/// A place where a person wants to be told.
struct Channel: Codable, Sendable, Versioned, RowDecodable {
    var id: UUID
    var userID: UUID
    var channelType: ChannelType
    var channelName: String
    var destination: String
    var isVerified: Bool
    var verifiedAt: Date?
    var isActive: Bool
    var isPrimary: Bool
    var enabledNotificationTypes: [NotificationType]
    var rateLimitPerHour: Int
    var rateLimitPerDay: Int
    var createdAt: Date
    var updatedAt: Date
    var version: Int64

    static let columns: SQL = """
        id, user_id, channel_type, channel_name, destination, is_verified, verified_at, is_active, is_primary, enabled_notification_types,
        rate_limit_per_hour, rate_limit_per_day, created_at, updated_at, version
        """

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        channelType = try row["channel_type"]
        channelName = try row["channel_name"]
        destination = try row["destination"]
        isVerified = try row["is_verified"]
        verifiedAt = try row["verified_at"]
        isActive = try row["is_active"]
        isPrimary = try row["is_primary"]
        enabledNotificationTypes = try row["enabled_notification_types"]
        rateLimitPerHour = try row["rate_limit_per_hour"]
        rateLimitPerDay = try row["rate_limit_per_day"]
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
        case verifiedAt = "verified_at"
        case isActive = "is_active"
        case isPrimary = "is_primary"
        case enabledNotificationTypes = "enabled_notification_types"
        case rateLimitPerHour = "rate_limit_per_hour"
        case rateLimitPerDay = "rate_limit_per_day"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case version
    }
}
