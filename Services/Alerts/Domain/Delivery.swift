import Foundation
import Postgres
import ServiceKit

/// One delivery by one channel, as the person sees it who it is for.
struct Delivery: Codable, Sendable, RowDecodable {
    /// A receipt.
    struct Attempt: Codable, Sendable {
        var number: Int
        var startedAt: Date
        var endedAt: Date?
        /// started, handed_over, taken, deferred, rejected, unknown
        var outcome: String
        var reason: String?

        enum CodingKeys: String, CodingKey {
            case number
            case startedAt = "started_at"
            case endedAt = "ended_at"
            case outcome, reason
        }
    }

    var id: UUID
    var channelID: UUID?
    var channel: ChannelType
    var notificationType: String
    var isDigest: Bool
    var notifications: Int
    var priority: Priority
    var status: DeliveryStatus
    var holdReason: HoldReason?
    /// When it goes out, or is tried again.
    var nextAt: Date?
    var sentAt: Date?
    var deliveredAt: Date?
    var readAt: Date?
    var expiresAt: Date?
    var errorMessage: String?
    var retryCount: Int
    var maxRetries: Int
    var failedOverFrom: UUID?
    var attempts: [Attempt]
    var createdAt: Date

    static let columns: SQL = """
        q.id, q.channel_id, q.channel, q.notification_type, q.is_digest, (SELECT count(*) FROM delivery_items n WHERE n.delivery_id = q.id) AS notifications,
        q.priority, q.status, q.hold_reason, CASE WHEN q.status IN ('pending', 'held') THEN q.scheduled_at END AS next_at, q.sent_at, q.delivered_at,
        q.read_at, q.expires_at, q.error_message, q.retry_count, q.max_retries, q.failed_over_from,
        (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('number', a.number,
                'started_at', to_char(a.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                'ended_at', to_char(a.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                'outcome', a.outcome, 'reason', a.reason)) ORDER BY a.number), '[]')
            FROM delivery_attempts a WHERE a.delivery_id = q.id) AS attempts, q.created_at
        """

    init(row: Row) throws {
        id = try row["id"]
        channelID = try row["channel_id"]
        channel = try row["channel"]
        notificationType = try row["notification_type"]
        isDigest = try row["is_digest"]
        notifications = try row["notifications"]
        priority = try row["priority"]
        status = try row["status"]
        holdReason = try row["hold_reason"]
        nextAt = try row["next_at"]
        sentAt = try row["sent_at"]
        deliveredAt = try row["delivered_at"]
        readAt = try row["read_at"]
        expiresAt = try row["expires_at"]
        errorMessage = try row["error_message"]
        retryCount = try row["retry_count"]
        maxRetries = try row["max_retries"]
        failedOverFrom = try row["failed_over_from"]
        attempts = try row.json("attempts")
        createdAt = try row["created_at"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case channelID = "channel_id"
        case channel
        case notificationType = "notification_type"
        case isDigest = "is_digest"
        case notifications, priority, status
        case holdReason = "hold_reason"
        case nextAt = "next_at"
        case sentAt = "sent_at"
        case deliveredAt = "delivered_at"
        case readAt = "read_at"
        case expiresAt = "expires_at"
        case errorMessage = "error_message"
        case retryCount = "retry_count"
        case maxRetries = "max_retries"
        case failedOverFrom = "failed_over_from"
        case attempts
        case createdAt = "created_at"
    }
}
