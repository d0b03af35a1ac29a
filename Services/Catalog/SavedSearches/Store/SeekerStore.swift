import Contracts
import Foundation
import Messaging
import Postgres

/// The small copy of auth's users that saved searches need: the zone by whose clock they run.
struct SeekerStore {
    /// Nothing older than what is known changes it, and nothing brings a deleted person back. Their searches run by the new clock from now on.
    func save(_ user: UserSnapshot, in tx: Transaction) async throws {
        let isNew = try await tx.execute(
            """
            INSERT INTO seekers AS known (user_id, timezone, full_name, may_write, source_version)
            VALUES (\(user.id), \(String(user.timezone.prefix(100))), \(user.fullName.map { String($0.prefix(255)) }),
                \(user.emailVerified && user.status == "active"), \(user.version))
            ON CONFLICT (user_id) DO UPDATE SET timezone = excluded.timezone, full_name = excluded.full_name, may_write = excluded.may_write, source_version = excluded.source_version, updated_at = now()
            WHERE known.source_version < excluded.source_version AND NOT known.is_deleted
            """)
        guard isNew > 0 else { return }
        let scheduled: [ScheduledSearch] = try await tx.all(
            """
            SELECT id, search_frequency, created_at FROM search_criteria
            WHERE user_id = \(user.id) AND is_active AND search_frequency <> 'immediate' AND next_run_at > now() ORDER BY id FOR NO KEY UPDATE
            """)
        let schedule = SearchSchedule(zone: user.timezone)
        for search in scheduled {
            let next = schedule.next(search.frequency, after: Date(), anchor: search.createdAt)
            try await tx.execute("UPDATE search_criteria SET next_run_at = \(next) WHERE id = \(search.id)")
        }
    }

    /// Only that there is nobody is left, so that late news do not bring them back.
    func forget(_ user: UUID, version: Int64, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO seekers (user_id, source_version, is_deleted) VALUES (\(user), \(version), true)
            ON CONFLICT (user_id) DO UPDATE SET timezone = NULL, full_name = NULL, may_write = false, source_version = excluded.source_version,
                is_deleted = true, updated_at = now()
            """)
    }

    private struct ScheduledSearch: RowDecodable {
        let id: UUID
        let frequency: SearchFrequency
        let createdAt: Date

        init(row: Row) throws {
            id = try row["id"]
            frequency = try row["search_frequency"]
            createdAt = try row["created_at"]
        }
    }
}
