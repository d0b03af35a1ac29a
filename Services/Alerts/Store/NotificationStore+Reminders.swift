import Foundation
import Postgres
import ServiceKit

extension NotificationStore {
    enum Reminder: Sendable {
        case added(Notification)
        case unknownPerson, tooMany
    }

    /// How many one person may have that are yet to come.
    private static let mostReminders = 200

    /// Puts a person's own reminder in: at once, or for later.
    func remind(_ new: NewNotification, recipients: RecipientStore, deliveries: DeliveryStore, now: Date = Date()) async throws -> Reminder {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            guard let recipient = try await recipients.lock(new.userID, in: tx), recipient.status != "deleted" else { return .unknownPerson }
            let waiting: Int? = try await tx.value("SELECT count(*) FROM notifications WHERE user_id = \(new.userID) AND sequence IS NULL")
            guard waiting ?? 0 < Self.mostReminders else { return .tooMany }
            guard let added = try await add(new, now: now, in: tx) else { return .unknownPerson }
            guard added.sequence != nil else { return .added(added) }
            try await deliveries.plan(added, DeliveryContent(added, locale: recipient.locale), template: nil, now: now, in: tx)
            return .added(try await tx.first("SELECT \(Notification.columns) FROM notifications WHERE id = \(added.id)") ?? added)
        }
    }
}
