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
        try await add([new], now: now, in: tx).first
    }

    /// Several, in their order; of those that tell a person the same thing the first. Returns what was put in, told as caused by what is said of it.
    func add(
        _ new: [NewNotification], now: Date = Date(), causes: [UUID: Messaging.Delivery] = [:], in tx: Transaction
    ) async throws -> [Notification] {
        let added: [Notification] = try await tx.all(
            """
            WITH new AS (
                SELECT * FROM ROWS FROM (jsonb_to_recordset(\(JSON(Self.once(new)))) AS (id uuid, user_id uuid, subject_key text, type text, title text,
                    message text, data jsonb, action_url text, category text, listing_id uuid, home_id uuid, priority text, tags text[],
                    scheduled_for timestamptz, expires_at timestamptz)) WITH ORDINALITY AS new (id, user_id, subject_key, type, title, message, data,
                    action_url, category, listing_id, home_id, priority, tags, scheduled_for, expires_at, position)
            ), untold AS (
                SELECT *, coalesce(scheduled_for > \(now), false) AS is_later FROM new WHERE NOT EXISTS (
                    SELECT 1 FROM notifications told WHERE told.user_id = new.user_id AND (told.subject_key = new.subject_key
                        OR (told.type = new.type AND told.listing_id = new.listing_id) OR (told.type = new.type AND told.home_id = new.home_id)))
            ), next AS (
                UPDATE recipients r SET last_sequence = last_sequence + counted.number
                FROM (SELECT user_id, count(*) FILTER (WHERE NOT is_later) AS number FROM untold GROUP BY user_id) AS counted
                WHERE r.user_id = counted.user_id RETURNING r.user_id, last_sequence - counted.number AS last_sequence
            )
            INSERT INTO notifications (id, user_id, sequence, subject_key, type, title, message, data, action_url, category, listing_id, home_id,
                delivery_method, delivery_status, priority, is_urgent, tags, scheduled_for, expires_at, created_at)
            SELECT id, user_id,
                CASE WHEN NOT is_later THEN last_sequence + count(*) FILTER (WHERE NOT is_later) OVER (PARTITION BY user_id ORDER BY position) END,
                subject_key, type, title, message, data, action_url, category, listing_id, home_id, 'app',
                CASE WHEN is_later THEN 'pending' ELSE 'delivered' END, priority, priority = 'urgent', tags, CASE WHEN is_later THEN scheduled_for END,
                expires_at, \(now)
            FROM untold JOIN next USING (user_id) ORDER BY position
            RETURNING \(Notification.columns)
            """)
        try await announce(added, causes, in: tx)
        return added
    }

    /// The first of those that would tell a person of the same thing, listing or home.
    private static func once(_ new: [NewNotification]) -> [NewNotification] {
        var told: Set<[String]> = []
        return new.filter { new in
            let person = new.userID.uuidString
            let things = [
                [person, new.subjectKey],
                new.listingID.map { [person, new.type.rawValue, "listing", $0.uuidString] },
                new.homeID.map { [person, new.type.rawValue, "home", $0.uuidString] },
            ].compactMap { $0 }
            guard told.isDisjoint(with: things) else { return false }
            told.formUnion(things)
            return true
        }
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
        if let arrived { try await announce([arrived], in: tx) }
        return arrived
    }

    private func announce(_ notifications: [Notification], _ causes: [UUID: Messaging.Delivery] = [:], in tx: Transaction) async throws {
        try await tx.publish(
            notifications.compactMap { notification in
                notification.sequence.map { sequence in
                    let event = NotificationCreated(
                        notificationID: notification.id, userID: notification.userID, sequence: sequence, type: notification.type.rawValue,
                        title: notification.title)
                    return (event: event, cause: causes[notification.id])
                }
            })
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
