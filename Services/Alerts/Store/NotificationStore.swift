import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// The inboxes.
struct NotificationStore: Sendable {
    let postgres: Postgres

    /// Puts it into the inbox, or nil when the person has been told already. The recipient is locked (`RecipientStore.lock`), in a statement of
    /// its own so that this one sees what was told before: sequences have no gaps and follow the commits.
    func add(_ new: NewNotification, now: Date = Date(), in tx: Transaction) async throws -> Notification? {
        let isLater = new.scheduledFor.map { $0 > now } ?? false
        let added: Notification? = try await tx.first(
            """
            WITH next AS (
                UPDATE recipients SET last_sequence = last_sequence + \(isLater ? 0 : 1)
                WHERE user_id = \(new.userID) AND NOT EXISTS (
                    SELECT 1 FROM notifications WHERE user_id = \(new.userID) AND (subject_key = \(new.subjectKey)
                        OR (type = \(new.type) AND listing_id = \(new.listingID)) OR (type = \(new.type) AND home_id = \(new.homeID))))
                RETURNING CASE WHEN \(!isLater) THEN last_sequence END AS sequence
            )
            INSERT INTO notifications (id, user_id, sequence, subject_key, type, title, message, data, action_url, category, listing_id, home_id,
                delivery_method, delivery_status, priority, is_urgent, tags, scheduled_for, expires_at, created_at)
            SELECT \(UUID.v7()), \(new.userID), sequence, \(new.subjectKey), \(new.type), \(new.title), \(new.message), \(JSON(new.data)),
                \(new.actionURL), \(new.category), \(new.listingID), \(new.homeID), 'app', \(isLater ? "pending" : "delivered"), \(new.priority),
                \(new.priority == .urgent), \(new.tags), \(isLater ? new.scheduledFor : nil), \(new.expiresAt), \(now)
            FROM next
            ON CONFLICT DO NOTHING
            RETURNING \(Notification.columns)
            """)
        if let added { try await announce(added, in: tx) }
        return added
    }

    /// Puts what was for later into its person's inbox, when its time has come; nil when there is nothing, or somebody else has it.
    func arrive(now: Date = Date(), in tx: Transaction) async throws -> Notification? {
        struct Due: RowDecodable {
            var id: UUID
            var userID: UUID
            init(row: Row) throws {
                id = try row["id"]
                userID = try row["user_id"]
            }
        }
        let due: Due? = try await tx.first(
            """
            SELECT n.id, n.user_id FROM recipients r JOIN notifications n ON n.user_id = r.user_id
            WHERE n.sequence IS NULL AND n.scheduled_for <= \(now) ORDER BY n.scheduled_for LIMIT 1 FOR NO KEY UPDATE OF r SKIP LOCKED
            """)
        guard let due else { return nil }
        // The recipient is locked: nobody else gives out a sequence, and what another copy has put in meanwhile is seen here.
        let arrived: Notification? = try await tx.first(
            """
            WITH due AS (SELECT id FROM notifications WHERE id = \(due.id) AND sequence IS NULL),
            next AS (
                UPDATE recipients SET last_sequence = last_sequence + 1 WHERE user_id = \(due.userID) AND EXISTS (SELECT 1 FROM due)
                RETURNING last_sequence
            )
            UPDATE notifications SET sequence = last_sequence, scheduled_for = NULL, delivery_status = 'delivered'
            FROM next WHERE id = \(due.id) RETURNING \(Notification.columns)
            """)
        if let arrived { try await announce(arrived, in: tx) }
        return arrived
    }

    private func announce(_ notification: Notification, in tx: Transaction) async throws {
        guard let sequence = notification.sequence else { return }
        try await tx.publish(
            NotificationCreated(
                notificationID: notification.id, userID: notification.userID, sequence: sequence, type: notification.type.rawValue,
                title: notification.title))
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
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.value("SELECT last_sequence FROM recipients WHERE user_id = \(user)") ?? 0
        }
    }

    /// What became of the mail of an earlier release. A later word replaces an earlier one, except that what was sent stays sent.
    func delivered(_ id: UUID, status: String, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE notifications SET delivery_status = \(status) WHERE id = \(id) AND delivery_status IN ('pending', 'failed')
            """)
    }
}
