import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

extension NotificationStore {
    /// One page of the caller's inbox, newest first; of what is yet to come, by its time.
    func list(_ filter: InboxFilter, page: PageRequest<InboxPlace>, as caller: Caller) async throws -> Page<Notification> {
        let conditions: [SQL?] = [
            filter.unreadOnly ? "NOT is_read" : nil, filter.type.map { "type = \($0)" }, filter.category.map { "category = \($0)" },
            filter.priority.map { "priority = \($0)" }, filter.tag.map { "tags @> \([$0])" }, filter.since.map { "created_at >= \($0)" },
        ]
        let further = SQL.joined(conditions.compactMap { $0 }.map { "AND \($0)" as SQL }, by: " ")
        let place: SQL
        let order: SQL
        switch filter.place {
        case .inbox:
            place = "sequence IS NOT NULL AND NOT is_archived AND (expires_at IS NULL OR expires_at > now())"
            order = "sequence DESC"
        case .archive:
            place = "sequence IS NOT NULL AND is_archived"
            order = "sequence DESC"
        case .scheduled:
            place = "sequence IS NULL AND NOT is_archived"
            order = "scheduled_for, id"
        }
        let beyond: SQL
        switch page.after {
        case nil: beyond = ""
        case .sequence(let sequence): beyond = filter.place == .scheduled ? "AND false" : "AND sequence < \(sequence)"
        case .time(let time, let id): beyond = filter.place == .scheduled ? "AND (scheduled_for, id) > (\(time), \(id))" : "AND false"
        }
        let rows: [Notification] = try await postgres.all(
            as: caller,
            """
            SELECT \(Notification.columns) FROM notifications WHERE user_id = \(caller.userID) AND \(place) \(further) \(beyond)
            ORDER BY \(order) LIMIT \(page.limit + 1)
            """)
        return Page(rows, limit: page.limit) { row in
            row.sequence.map(InboxPlace.sequence) ?? .time(row.scheduledFor ?? row.createdAt, row.id)
        }
    }

    func find(_ id: UUID, as caller: Caller) async throws -> Notification? {
        try await postgres.first(as: caller, "SELECT \(Notification.columns) FROM notifications WHERE id = \(id) AND user_id = \(caller.userID)")
    }

    /// Marks one as read; reading twice changes nothing more. Nil when it is not the caller's.
    func markRead(_ id: UUID, as caller: Caller) async throws -> Notification? {
        try await mark([id], as: caller).first
    }

    /// Marks some as read; answers with those that are the caller's, read now or before.
    func mark(_ ids: [UUID], as caller: Caller) async throws -> [Notification] {
        try await postgres.transaction(as: caller, retries: 3) { tx in
            // Deliveries first, then notifications by their ids, as whoever sends them does.
            try await tx.execute(
                """
                UPDATE notification_queue SET read_at = now() WHERE read_at IS NULL AND user_id = \(caller.userID) AND id IN (
                    SELECT q.id FROM delivery_items i JOIN notification_queue q ON q.id = i.delivery_id
                    WHERE i.notification_id = ANY (\(ids)) AND i.user_id = \(caller.userID) AND q.status IN ('sent', 'delivered')
                    ORDER BY q.id FOR UPDATE OF q)
                """)
            let marked: [Notification] = try await tx.all(
                """
                UPDATE notifications SET is_read = true, read_at = now()
                WHERE id IN (SELECT id FROM notifications WHERE id = ANY (\(ids)) AND user_id = \(caller.userID) AND NOT is_read
                    ORDER BY id FOR NO KEY UPDATE)
                RETURNING \(Notification.columns)
                """)
            try await tx.publish(marked.map { NotificationRead(notificationID: $0.id, userID: caller.userID) })
            guard marked.count < ids.count else { return marked }
            return try await tx.all(
                "SELECT \(Notification.columns) FROM notifications WHERE id = ANY (\(ids)) AND user_id = \(caller.userID) ORDER BY sequence DESC")
        }
    }

    /// Marks all that the caller has seen so far as read; returns how many that changed.
    func markAllRead(upTo sequence: Int64, as caller: Caller) async throws -> Int {
        try await postgres.transaction(as: caller, retries: 3) { tx in
            try await tx.execute(
                """
                UPDATE notifications SET is_read = true, read_at = now()
                WHERE id IN (SELECT id FROM notifications
                    WHERE user_id = \(caller.userID) AND sequence <= \(sequence) AND NOT is_read AND NOT is_archived ORDER BY id FOR NO KEY UPDATE)
                """)
        }
    }

    /// Takes some out of the inbox, or back into it. Returns those that are the caller's.
    func archive(_ ids: [UUID], _ isArchived: Bool, as caller: Caller) async throws -> [Notification] {
        try await postgres.transaction(as: caller, retries: 3) { tx in
            try await tx.all(
                """
                UPDATE notifications SET is_archived = \(isArchived)
                WHERE id IN (SELECT id FROM notifications WHERE id = ANY (\(ids)) AND user_id = \(caller.userID) ORDER BY id FOR NO KEY UPDATE)
                RETURNING \(Notification.columns)
                """)
        }
    }

    /// How many are unread: exact up to 1,000, in all and by type.
    func unread(as caller: Caller) async throws -> UnreadCount {
        struct OfType: RowDecodable {
            var type: String
            var count: Int
            init(row: Row) throws {
                type = try row["type"]
                count = try row["count"]
            }
        }
        let rows: [OfType] = try await postgres.all(
            as: caller,
            """
            SELECT type, count(*) AS count FROM (
                SELECT type FROM notifications
                WHERE user_id = \(caller.userID) AND NOT is_read AND NOT is_archived AND sequence IS NOT NULL AND (expires_at IS NULL OR expires_at > now())
                LIMIT 1000) AS unread
            GROUP BY type ORDER BY type
            """)
        return UnreadCount(unread: rows.reduce(0) { $0 + $1.count }, byType: Dictionary(uniqueKeysWithValues: rows.map { ($0.type, $0.count) }))
    }
}
