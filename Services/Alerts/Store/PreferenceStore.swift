import Foundation
import Postgres
import ServiceKit

/// How people want to be told.
struct PreferenceStore: Sendable {
    let postgres: Postgres

    /// The defaults for whoever has chosen nothing.
    func find(as caller: Caller) async throws -> Preferences {
        try await postgres.transaction(as: caller) { tx in try await find(caller.userID, in: tx) }
    }

    /// Sets all of them. Throws 412 when they have changed since the version. What waits, waits by them from now on.
    func set(_ wanted: Preferences, ifMatch version: Int64?, as caller: Caller) async throws -> Preferences? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let known: Int? = try await tx.value(
                "SELECT 1 FROM recipients WHERE user_id = \(caller.userID) AND status <> 'deleted' FOR NO KEY UPDATE")
            guard known != nil else { return nil }
            try await find(caller.userID, in: tx).expect(version)
            try await tx.execute(
                """
                INSERT INTO notification_preferences (user_id, quiet_from, quiet_until, urgent_breaks_quiet, digest_at, digest_weekday, reach)
                VALUES (\(caller.userID), \(wanted.quietHours?.from.minutes)::smallint, \(wanted.quietHours?.until.minutes)::smallint,
                    \(wanted.urgentBreaksQuiet), \(wanted.digestTime.minutes)::smallint, \(wanted.digestWeekday)::smallint, \(wanted.reach))
                ON CONFLICT (user_id) DO UPDATE SET quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
                    urgent_breaks_quiet = excluded.urgent_breaks_quiet, digest_at = excluded.digest_at, digest_weekday = excluded.digest_weekday,
                    reach = excluded.reach
                """)
            try await DeliveryStore.reschedule(of: caller.userID, in: tx)
            return try await find(caller.userID, in: tx)
        }
    }

    private func find(_ user: UUID, in tx: Transaction) async throws -> Preferences {
        try await tx.first(
            """
            SELECT \(Preferences.columns) FROM recipients r LEFT JOIN notification_preferences p ON p.user_id = r.user_id WHERE r.user_id = \(user)
            """) ?? Preferences()
    }
}
