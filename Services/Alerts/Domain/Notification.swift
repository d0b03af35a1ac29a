import Foundation
import Postgres
import ServiceKit

/// One entry of a person's inbox.
struct Notification: Codable, Sendable, RowDecodable {
    var id: UUID
    var userID: UUID
    /// Counts up per person, in the order of commit; the event id of the live stream. Nil of what is for later.
    var sequence: Int64?
    var type: NotificationType
    var title: String
    var message: String
    var data: [String: String]
    var listingID: UUID?
    var homeID: UUID?
    var actionURL: String?
    var deliveryMethod: String
    var deliveryStatus: String
    var deliveryAttempts: Int
    var maxDeliveryAttempts: Int
    var priority: Priority
    var isUrgent: Bool
    var isRead: Bool
    var readAt: Date?
    var isArchived: Bool
    /// When it comes into the inbox, or goes out by its channel.
    var scheduledFor: Date?
    var expiresAt: Date?
    var category: NotificationCategory
    var tags: [String]
    var createdAt: Date
    var updatedAt: Date

    static let columns: SQL = """
        id, user_id, sequence, type, title, message, data, listing_id, home_id, action_url, delivery_method, delivery_status, delivery_attempts,
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
        listingID = try row["listing_id"]
        homeID = try row["home_id"]
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
        case listingID = "listing_id"
        case homeID = "home_id"
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
