import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// The inboxes.
struct NotificationStore {
    let postgres: Postgres

    /// Puts it into the inbox, or nil when the person has been told already. The recipient is locked (`RecipientStore.lock`), in a statement of
    /// its own so that this one sees what was told before: sequences have no gaps and follow the commits.
    func add(_ new: NewNotification, by method: ChannelType?, in tx: Transaction) async throws -> Notification? {
        let added: Notification? = try await tx.first(
            """
            WITH next AS (
                UPDATE recipients SET last_sequence = last_sequence + 1
                WHERE user_id = \(new.userID)
                    AND NOT EXISTS (SELECT 1 FROM notifications WHERE user_id = \(new.userID) AND subject_key = \(new.subjectKey))
                RETURNING last_sequence
            )
            INSERT INTO notifications (id, user_id, sequence, subject_key, type, title, message, data, action_url, category,
                delivery_method, delivery_status, delivery_attempts)
            SELECT \(UUID.v7()), \(new.userID), last_sequence, \(new.subjectKey), \(new.type), \(new.title), \(new.message), \(JSON(new.data)),
                \(new.actionURL), \(new.category), \(method?.rawValue ?? "app"), \(method == nil ? "delivered" : "pending"), \(method == nil ? 0 : 1)
            FROM next
            ON CONFLICT (user_id, subject_key) DO NOTHING
            RETURNING \(Notification.columns)
            """)
        if let added {
            try await tx.publish(
                NotificationCreated(
                    notificationID: added.id, userID: added.userID, sequence: added.sequence, type: added.type, title: added.title))
        }
        return added
    }

    /// One page of the caller's inbox, newest first.
    func list(unreadOnly: Bool, page: PageRequest<Int64>, as caller: Caller) async throws -> Page<Notification> {
        let unread: SQL = unreadOnly ? "AND NOT is_read" : ""
        let before: SQL = page.after.map { "AND sequence < \($0)" } ?? ""
        let rows: [Notification] = try await postgres.all(
            as: caller,
            """
            SELECT \(Notification.columns) FROM notifications WHERE user_id = \(caller.userID) AND NOT is_archived \(unread) \(before)
            ORDER BY sequence DESC LIMIT \(page.limit + 1)
            """)
        return Page(rows, limit: page.limit) { $0.sequence }
    }

    func find(_ id: UUID, as caller: Caller) async throws -> Notification? {
        try await postgres.first(as: caller, "SELECT \(Notification.columns) FROM notifications WHERE id = \(id) AND user_id = \(caller.userID)")
    }

    /// Marks one as read; reading twice changes nothing more. Nil when it is not the caller's.
    func markRead(_ id: UUID, as caller: Caller) async throws -> Notification? {
        try await postgres.transaction(as: caller) { tx in
            let marked: Notification? = try await tx.first(
                """
                UPDATE notifications SET is_read = true, read_at = now()
                WHERE id = \(id) AND user_id = \(caller.userID) AND NOT is_read RETURNING \(Notification.columns)
                """)
            guard let marked else {
                return try await tx.first("SELECT \(Notification.columns) FROM notifications WHERE id = \(id) AND user_id = \(caller.userID)")
            }
            try await tx.publish(NotificationRead(notificationID: id, userID: caller.userID))
            return marked
        }
    }

    /// Marks all that the caller has seen so far as read; returns how many that changed.
    func markAllRead(upTo sequence: Int64, as caller: Caller) async throws -> Int {
        try await postgres.transaction(as: caller) { tx in
            try await tx.execute(
                """
                UPDATE notifications SET is_read = true, read_at = now()
                WHERE user_id = \(caller.userID) AND sequence <= \(sequence) AND NOT is_read AND NOT is_archived
                """)
        }
    }

    /// Takes one out of the inbox. False when it is not the caller's.
    func archive(_ id: UUID, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            try await tx.execute("UPDATE notifications SET is_archived = true WHERE id = \(id) AND user_id = \(caller.userID)") == 1
        }
    }

    /// How many are unread: exact up to 1,000.
    func unread(as caller: Caller) async throws -> Int {
        let row: Count? = try await postgres.first(
            as: caller,
            """
            SELECT count(*) AS count FROM (
                SELECT 1 FROM notifications WHERE user_id = \(caller.userID) AND NOT is_read AND NOT is_archived LIMIT 1000) AS unread
            """)
        return row?.count ?? 0
    }

    /// What came after `sequence`, oldest first, for a live stream.
    func after(_ sequence: Int64, of user: UUID, limit: Int = 100) async throws -> [Notification] {
        try await postgres.all(
            as: ServiceCaller(),
            """
            SELECT \(Notification.columns) FROM notifications WHERE user_id = \(user) AND sequence > \(sequence)
            ORDER BY sequence LIMIT \(limit)
            """)
    }

    /// The newest sequence of a person: where a stream begins that does not resume.
    func lastSequence(of user: UUID) async throws -> Int64 {
        let row: Sequence? = try await postgres.first(
            as: ServiceCaller(), "SELECT last_sequence FROM recipients WHERE user_id = \(user)")
        return row?.value ?? 0
    }

    /// What became of the delivery. A later word replaces an earlier one, except that what was sent stays sent.
    func delivered(_ id: UUID, status: String, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE notifications SET delivery_status = \(status) WHERE id = \(id) AND delivery_status IN ('pending', 'failed')
            """)
    }

    private struct Count: RowDecodable {
        var count: Int
        init(row: Row) throws { count = try row["count"] }
    }

    private struct Sequence: RowDecodable {
        var value: Int64
        init(row: Row) throws { value = try row["last_sequence"] }
    }
}
