import Foundation
import Postgres

/// A delivery whose time has come, with its channel and its person, both as they are now.
struct DueDelivery: Sendable, RowDecodable {
    static let verification = "channel_verification"

    var id: UUID
    var userID: UUID
    var channelID: UUID
    var notificationType: String
    var channel: ChannelType
    var priority: Priority
    var content: DeliveryContent
    var templateID: String?
    var status: DeliveryStatus
    var retryCount: Int
    var maxRetries: Int
    var attempts: Int
    var isDigest: Bool
    var isOpen: Bool
    var expiresAt: Date?
    var contentSealed: Data?
    var destination: String
    var addressSealed: Data?
    var isActive: Bool
    var isVerified: Bool
    var limits: ChannelLimits
    var metadata: [String: String]
    var locale: String
    var fullName: String?
    var recipientStatus: String
    var preferences: Preferences

    var isUrgent: Bool { priority == .urgent }
    var isVerification: Bool { notificationType == Self.verification }
    /// A sender had it and was never heard of again.
    var isAbandoned: Bool { status == .sending }

    static let columns: SQL = """
        q.id, q.user_id, q.channel_id, q.notification_type, q.channel, q.priority, q.content, q.template_id, q.status, q.retry_count, q.max_retries,
        (SELECT count(*) FROM delivery_attempts a WHERE a.delivery_id = q.id) AS attempts, q.is_digest, q.is_open, q.expires_at, q.content_sealed,
        c.destination, c.address_sealed, c.is_active, c.is_verified, c.rate_limit_per_hour, c.rate_limit_per_day, c.metadata, r.locale, r.full_name,
        r.status AS recipient_status, \(Preferences.columns)
        """

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        channelID = try row["channel_id"]
        notificationType = try row["notification_type"]
        channel = try row["channel"]
        priority = try row["priority"]
        content = try row.json("content")
        templateID = try row["template_id"]
        status = try row["status"]
        retryCount = try row["retry_count"]
        maxRetries = try row["max_retries"]
        attempts = try row["attempts"]
        isDigest = try row["is_digest"]
        isOpen = try row["is_open"]
        expiresAt = try row["expires_at"]
        contentSealed = try row["content_sealed"]
        destination = try row["destination"]
        addressSealed = try row["address_sealed"]
        isActive = try row["is_active"]
        isVerified = try row["is_verified"]
        limits = ChannelLimits(perHour: try row["rate_limit_per_hour"], perDay: try row["rate_limit_per_day"])
        metadata = try row.json("metadata")
        locale = try row["locale"]
        fullName = try row["full_name"]
        recipientStatus = try row["recipient_status"]
        preferences = try Preferences(row: row)
    }
}
