import Foundation
import Postgres
import ServiceKit

/// One entry of a person's inbox.
struct Notification: Codable, Sendable, RowDecodable {
    var id: UUID
    var userID: UUID
    /// Counts up per person, in the order of commit; the event id of the live stream.
    var sequence: Int64
    var type: String
    var title: String
    var message: String
    var data: [String: String]
    var actionURL: String?
    var deliveryMethod: String
    var deliveryStatus: String
    var deliveryAttempts: Int
    var maxDeliveryAttempts: Int
    var priority: String
    var isUrgent: Bool
    var isRead: Bool
    var readAt: Date?
    var isArchived: Bool
    var scheduledFor: Date?
    var expiresAt: Date?
    var category: String
    var tags: [String]
    var createdAt: Date
    var updatedAt: Date

    static let columns: SQL = """
        id, user_id, sequence, type, title, message, data, action_url, delivery_method, delivery_status, delivery_attempts,
        max_delivery_attempts, priority, is_urgent, is_read, read_at, is_archived, scheduled_for, expires_at, category, tags, created_at,
        updated_at
        """

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        sequence = try row["sequence"]
        type = try row["type"]
        title = try row["title"]
        message = try row["message"]
        data = try row.json("data")
        actionURL = try row["action_url"]
        deliveryMethod = try row["delivery_method"]
        deliveryStatus = try row["delivery_status"]
        deliveryAttempts = try row["delivery_attempts"]
        maxDeliveryAttempts = try row["max_delivery_attempts"]
        priority = try row["priority"]
        isUrgent = try row["is_urgent"]
        isRead = try row["is_read"]
        readAt = try row["read_at"]
        isArchived = try row["is_archived"]
        scheduledFor = try row["scheduled_for"]
        expiresAt = try row["expires_at"]
        category = try row["category"]
        tags = try row["tags"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case userID = "user_id"
        case sequence, type, title, message, data
        case actionURL = "action_url"
        case deliveryMethod = "delivery_method"
        case deliveryStatus = "delivery_status"
        case deliveryAttempts = "delivery_attempts"
        case maxDeliveryAttempts = "max_delivery_attempts"
        case priority
        case isUrgent = "is_urgent"
        case isRead = "is_read"
        case readAt = "read_at"
        case isArchived = "is_archived"
        case scheduledFor = "scheduled_for"
        case expiresAt = "expires_at"
        case category, tags
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}
