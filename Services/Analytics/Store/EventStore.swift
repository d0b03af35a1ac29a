import Foundation
import Postgres
import ServiceKit

/// What happened.
struct EventStore {
    let postgres: Postgres

    /// The event's row and its count, and the audit row where it is for the trail, in one round trip. Of somebody who is deleted nothing personal is kept,
    /// however late their events come.
    func record(_ event: UserEvent, audit: AuditEntry?, requestID: String?, in tx: Transaction) async throws {
        var event = event
        var trail = event
        var audit = audit
        for user in Set([event.userID, event.subjectID].compactMap(\.self)) {
            guard try await isErased(user, in: tx) else { continue }
            if event.subjectID == user { event.subjectID = nil }
            (event.userID, event.sessionID, event.ipAddress, event.userAgent, event.eventData) = (nil, nil, nil, nil, .object([:]))
            (trail.ipAddress, trail.userAgent) = (nil, nil)
            audit?.oldValues = nil
            audit?.newValues = .object([:])
            audit?.errorMessage = nil
        }
        var statements: [SQL] = [
            // Counted when it is new: a replay may come after the inbox has forgotten it.
            """
            WITH added AS (
                INSERT INTO user_events
                    (id, occurred_at, user_id, agency_id, event_type, event_data, session_id, ip_address, user_agent, subject_id)
                VALUES (\(event.id), \(event.occurredAt), \(event.userID), \(event.agencyID), \(event.eventType), \(JSON(event.eventData)),
                    \(event.sessionID), \(event.ipAddress)::inet, \(event.userAgent), \(event.subjectID))
                ON CONFLICT DO NOTHING RETURNING occurred_at, event_type
            )
            INSERT INTO event_counts AS known (day, event_type, shard, events)
            SELECT (occurred_at AT TIME ZONE 'UTC')::date, event_type, \(Int.random(in: 0..<16))::smallint, 1 FROM added
            ON CONFLICT (day, event_type, shard) DO UPDATE SET events = known.events + 1
            """
        ]
        if let audit { statements.append(AuditLogStore.insertion(of: audit, for: trail, requestID: requestID)) }
        _ = try await tx.batch(statements)
    }

    /// One page, newest first: the caller's own events, or everybody's for an administrator.
    func list(type: String?, user: UUID?, page: PageRequest<LogCursor>, as caller: Caller) async throws -> Page<UserEvent> {
        let rows: [UserEvent] = try await postgres.all(
            as: caller,
            """
            SELECT \(UserEvent.columns) FROM user_events
            WHERE \(LogCursor.scope(caller, user)) \(type.map { "AND event_type = \($0)" as SQL } ?? "")
                \(page.after.map { "AND (occurred_at, id) < (\($0.at), \($0.id))" as SQL } ?? "")
            ORDER BY occurred_at DESC, id DESC LIMIT \(page.limit + 1)
            """)
        return Page(rows, limit: page.limit) { LogCursor(at: $0.occurredAt, id: $0.id) }
    }

    /// Locked against `anonymise` until the transaction ends, so that no event slips in beside it.
    private func isErased(_ user: UUID, in tx: Transaction) async throws -> Bool {
        let rows = try await tx.batch([
            "SELECT pg_advisory_xact_lock_shared(hashtextextended(\("erasure " + user.uuidString), 0))",
            "SELECT 1 FROM erased_users WHERE user_id = \(user)",
        ])
        return !rows[1].isEmpty
    }

    /// A deleted person's events stay as figures that lead to nobody.
    func anonymise(user: UUID, in tx: Transaction) async throws {
        _ = try await tx.batch([
            "SELECT pg_advisory_xact_lock(hashtextextended(\("erasure " + user.uuidString), 0))",
            "INSERT INTO erased_users (user_id) VALUES (\(user)) ON CONFLICT DO NOTHING",
        ])
        try await tx.execute(
            """
            UPDATE user_events SET user_id = NULL, session_id = NULL, ip_address = NULL, user_agent = NULL, event_data = '{}',
                subject_id = NULLIF(subject_id, \(user))
            WHERE user_id = \(user) OR subject_id = \(user)
            """)
    }
}
