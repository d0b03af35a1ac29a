import Foundation
import Hummingbird
import ServiceKit

/// Which part of an inbox somebody looks at.
struct InboxFilter: Sendable {
    /// What is in no list but its own: the archive, and what is yet to come.
    enum Place: String, WireEnumeration, QueryValue {
        case inbox, archive, scheduled
    }

    var place = Place.inbox
    var unreadOnly = false
    var type: NotificationType?
    var category: NotificationCategory?
    var priority: Priority?
    var tag: String?
    var since: Date?

    init() {}

    init(_ request: Request) throws {
        place = try request.query("place", as: Place.self) ?? .inbox
        unreadOnly = try request.query("unread", as: Bool.self) ?? false
        type = try request.query("type", as: NotificationType.self)
        category = try request.query("category", as: NotificationCategory.self)
        priority = try request.query("priority", as: Priority.self)
        tag = try request.query("tag", maximum: 50)
        since = try request.query("since", as: Date.self)
    }
}
