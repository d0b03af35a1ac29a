import Foundation
import Messaging

/// A notification is in its user's inbox. Every copy of `alerts` shows it on the live streams it holds.
public struct NotificationCreated: Event {
    public static let name = "alerts.notification.created.v1"
    public var notificationID: UUID
    public var userID: UUID
    /// Counts up by one per user, in the order of commit.
    public var sequence: Int64
    public var type: String
    public var title: String
    /// The user: a person's notifications keep their order.
    public var subject: UUID { userID }
    public init(notificationID: UUID, userID: UUID, sequence: Int64, type: String, title: String) {
        self.notificationID = notificationID
        self.userID = userID
        self.sequence = sequence
        self.type = type
        self.title = title
    }
    enum CodingKeys: String, CodingKey {
        case notificationID = "notification_id"
        case userID = "user_id"
        case sequence, type, title
    }
}

/// A user has read a notification.
public struct NotificationRead: Event {
    public static let name = "alerts.notification.read.v1"
    public var notificationID: UUID
    public var userID: UUID
    public var subject: UUID { userID }
    public init(notificationID: UUID, userID: UUID) {
        self.notificationID = notificationID
        self.userID = userID
    }
    enum CodingKeys: String, CodingKey {
        case notificationID = "notification_id"
        case userID = "user_id"
    }
}
