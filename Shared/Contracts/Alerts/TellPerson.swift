import Foundation
import Messaging

/// Asks `alerts` to tell a person something, on the channels and at the times that they want. The same `key` asked twice is told once.
public struct TellPerson: Command {
    public static let name = "alerts.person.tell.v1"
    public static let senders = ["auth", "catalog", "documents", "campaigns", "scraper", "analytics"]
    public var userID: UUID
    /// What it is about, at most 150 characters: `contact:<id>`.
    public var key: String
    /// new_listing, contact_found, system_alert, reminder
    public var type: String
    public var title: String
    public var message: String
    public var data: [String: String]
    public var actionURL: String?
    /// search_results, system, billing, account
    public var category: String
    /// low, normal, high, urgent: what is urgent breaks quiet hours and waits for no digest.
    public var priority: String
    public var tags: [String]
    public var listingID: UUID?
    public var homeID: UUID?
    /// When it is told; at once when nil.
    public var scheduledFor: Date?
    /// From then on it is of no use and is not told any more.
    public var expiresAt: Date?
    public var subject: UUID { userID }
    public init(
        userID: UUID, key: String, type: String, title: String, message: String, data: [String: String] = [:], actionURL: String? = nil,
        category: String, priority: String = "normal", tags: [String] = [], listingID: UUID? = nil, homeID: UUID? = nil, scheduledFor: Date? = nil,
        expiresAt: Date? = nil
    ) {
        self.userID = userID
        self.key = key
        self.type = type
        self.title = title
        self.message = message
        self.data = data
        self.actionURL = actionURL
        self.category = category
        self.priority = priority
        self.tags = tags
        self.listingID = listingID
        self.homeID = homeID
        self.scheduledFor = scheduledFor
        self.expiresAt = expiresAt
    }
    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case key, type, title, message, data
        case actionURL = "action_url"
        case category, priority, tags
        case listingID = "listing_id"
        case homeID = "home_id"
        case scheduledFor = "scheduled_for"
        case expiresAt = "expires_at"
    }
}
