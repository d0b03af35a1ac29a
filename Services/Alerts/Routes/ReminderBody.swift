import Foundation
import ServiceKit

/// What somebody wants to be reminded of.
struct ReminderBody: Decodable, Sendable, Validated {
    var title: String
    var message: String
    var scheduledFor: Date?
    var expiresAt: Date?
    var priority: Priority?
    var tags: [String]?
    var actionURL: String?

    func validate(_ check: inout Validation) {
        check.text(title, "/title", maximum: 255)
        check.text(message, "/message", maximum: 2000, multiline: true)
        let horizon = Date(timeIntervalSinceNow: 5 * 366 * 86_400)
        check(scheduledFor.map { $0 < horizon } ?? true, "/scheduled_for", "range", "must be within five years")
        check(expiresAt.map { $0 < horizon && $0 > scheduledFor ?? Date() } ?? true, "/expires_at", "range", "must be later, and within five years")
        check((tags?.count ?? 0) <= 20, "/tags", "too-many", "has more than 20 entries")
        for (index, tag) in (tags ?? []).prefix(20).enumerated() { check.text(tag, "/tags/\(index)", maximum: 50) }
        guard let actionURL else { return }
        let isAddress = URL(string: actionURL).map { ["http", "https"].contains($0.scheme?.lowercased()) && $0.host()?.isEmpty == false } ?? false
        check(isAddress && actionURL.unicodeScalars.count <= 2048, "/action_url", "format", "must be a web address")
    }

    func notification(for user: UUID) -> NewNotification {
        NewNotification(
            userID: user, subjectKey: "reminder:\(UUID.v7().uuidString.lowercased())", type: .reminder, title: title, message: message, data: [:],
            actionURL: actionURL, category: .account, priority: priority ?? .normal, tags: tags ?? [], scheduledFor: scheduledFor,
            expiresAt: expiresAt)
    }

    enum CodingKeys: String, CodingKey {
        case title, message, priority, tags
        case scheduledFor = "scheduled_for"
        case expiresAt = "expires_at"
        case actionURL = "action_url"
    }
}
