import Foundation
import Postgres

extension DeliveryStore {
    /// What waits for a person's quiet hours or digests waits by what the person wants now: the former is looked at again, and held again where it still has to
    /// be; the latter go out at their next time, and those of a channel that tells at once by now do so. The recipient is locked, so that nothing is planned
    /// by what they wanted before.
    static func reschedule(of user: UUID, now: Date = Date(), in tx: Transaction) async throws {
        let person: Preferences? = try await tx.first(
            "SELECT \(Preferences.columns) FROM recipients r LEFT JOIN notification_preferences p ON p.user_id = r.user_id WHERE r.user_id = \(user)")
        guard let person else { return }
        let digests: [OpenDigest] = try await tx.all(
            """
            SELECT q.id, c.frequency FROM notification_channels c JOIN notification_queue q ON q.channel_id = c.id AND q.is_open
            WHERE c.user_id = \(user) AND q.hold_reason = 'digest' AND q.scheduled_at > \(now) ORDER BY q.id FOR NO KEY UPDATE OF q
            """)
        var statements: [SQL] = digests.map { digest in
            let schedule = DigestSchedule(frequency: digest.frequency, time: person.digestTime, weekday: person.digestWeekday)
            return "UPDATE notification_queue SET scheduled_at = \(schedule.next(after: now, on: person.clock) ?? now) WHERE id = \(digest.id)"
        }
        statements.append(
            "UPDATE notification_queue SET scheduled_at = \(now) WHERE user_id = \(user) AND status = 'held' AND hold_reason = 'quiet_hours'")
        statements.append("SELECT refresh_notifications(\(digests.map(\.id)))")
        _ = try await tx.batch(statements)
        tx.signal(signal)
    }

    private struct OpenDigest: RowDecodable {
        var id: UUID
        var frequency: Frequency

        init(row: Row) throws {
            id = try row["id"]
            frequency = try row["frequency"]
        }
    }
}
