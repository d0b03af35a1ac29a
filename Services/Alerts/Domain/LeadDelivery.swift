import Foundation
import Postgres

/// A message to a lead whose time has come.
struct LeadDelivery: Sendable, RowDecodable {
    var id: UUID
    var notificationType: String
    var channel: ChannelType
    var priority: Priority
    var content: DeliveryContent
    var templateID: String?
    var isAbandoned: Bool
    var retryCount: Int
    var maxRetries: Int
    var attempts: Int
    var expiresAt: Date?
    var contentSealed: Data

    static let columns: SQL = """
        q.id, q.notification_type, q.channel, q.priority, q.content, q.template_id, q.status = 'sending' AS is_abandoned, q.retry_count, q.max_retries,
        (SELECT count(*) FROM delivery_attempts a WHERE a.delivery_id = q.id) AS attempts, q.expires_at,
        coalesce(q.content_sealed, ''::bytea) AS content_sealed
        """

    init(row: Row) throws {
        id = try row["id"]
        notificationType = try row["notification_type"]
        channel = try row["channel"]
        priority = try row["priority"]
        content = try row.json("content")
        templateID = try row["template_id"]
        isAbandoned = try row["is_abandoned"]
        retryCount = try row["retry_count"]
        maxRetries = try row["max_retries"]
        attempts = try row["attempts"]
        expiresAt = try row["expires_at"]
        contentSealed = try row["content_sealed"]
    }
}
