import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// `notification_queue`: what goes to whom by which channel, and what became of it.
///
/// Every step is one transaction, and what happens outside of the database lies between two of them: whoever is killed there leaves a lease that ends.
struct DeliveryStore: Sendable {
    /// Ticks when something was put in by this process.
    static let signal = "notification_queue"
    /// What is said of an attempt that nobody has ended.
    static let lost = "the sender was lost before it could say what came of it"

    let postgres: Postgres
    let encryption: Encryption
    let publicURL: String

    /// Every delivery of one of the caller's notifications, each with its attempts. Nil when it is not the caller's.
    func list(of notification: UUID, as caller: Caller) async throws -> [Delivery]? {
        try await postgres.transaction(as: caller) { tx in
            let known: Int? = try await tx.value("SELECT 1 FROM notifications WHERE id = \(notification) AND user_id = \(caller.userID)")
            guard known != nil else { return nil }
            return try await tx.all(
                """
                SELECT \(Delivery.columns) FROM delivery_items i JOIN notification_queue q ON q.id = i.delivery_id
                WHERE i.notification_id = \(notification) AND q.user_id = \(caller.userID) ORDER BY q.id LIMIT \(Channel.mostOfOnePerson * 2)
                """)
        }
    }

    /// One page of what is on its way to the caller or was, newest first.
    func list(status: DeliveryStatus?, page: PageRequest<UUID>, as caller: Caller) async throws -> Page<Delivery> {
        let ofStatus: SQL = status.map { "AND q.status = \($0)" } ?? ""
        let before: SQL = page.after.map { "AND q.id < \($0)" } ?? ""
        let rows: [Delivery] = try await postgres.all(
            as: caller,
            """
            SELECT \(Delivery.columns) FROM notification_queue q WHERE q.user_id = \(caller.userID) \(ofStatus) \(before)
            ORDER BY q.id DESC LIMIT \(page.limit + 1)
            """)
        return Page(rows, limit: page.limit) { $0.id }
    }
}
