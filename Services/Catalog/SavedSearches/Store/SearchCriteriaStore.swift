import Contracts
import Foundation
import Postgres
import ServiceKit

/// Saved searches. Every statement runs as the caller, whom row-level security confines to their own.
struct SearchCriteriaStore {
    static let maximumPerUser = 100

    let postgres: Postgres

    /// Nil when the caller has as many as one may have.
    func create(_ wishes: SearchWishes, as caller: Caller) async throws -> SearchCriteria? {
        try await postgres.transaction(as: caller) { tx in
            let now = Date()
            let next =
                !wishes.isActive
                ? nil
                : try await schedule(of: caller.userID, in: tx).next(wishes.searchFrequency, after: now, anchor: now)
                    ?? now.addingTimeInterval(SearchRunStore.catchUp)
            // Two at once must not both become the hundredth.
            try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\(caller.userID.uuidString), 0))")
            let created: SearchCriteria? = try await tx.first(
                """
                INSERT INTO search_criteria (id, user_id, created_by, updated_by, created_at, last_run_at, next_run_at, \(SearchWishes.columns))
                SELECT \(UUID.v7()), \(caller.userID), \(caller.userID), \(caller.userID), \(now), \(now), \(next),
                    \(wishes.values)
                WHERE (SELECT count(*) FROM search_criteria WHERE user_id = \(caller.userID)) < \(Self.maximumPerUser)
                RETURNING \(SearchCriteria.columns)
                """)
            if let created { try await tx.publish(SearchSaved(created)) }
            return created
        }
    }

    func list(page: PageRequest<UUID>, as caller: Caller) async throws -> Page<SearchCriteria> {
        let after: SQL = page.after.map { "AND id < \($0)" } ?? ""
        let rows: [SearchCriteria] = try await postgres.all(
            as: caller,
            """
            SELECT \(SearchCriteria.columns) FROM search_criteria WHERE user_id = \(caller.userID) \(after)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """)
        return Page(rows, limit: page.limit) { $0.id }
    }

    func find(_ id: UUID, as caller: Caller) async throws -> SearchCriteria? {
        try await postgres.first(as: caller, "SELECT \(SearchCriteria.columns) FROM search_criteria WHERE id = \(id)")
    }

    /// Applies a change to the version the caller knows. Nil when there is no such search; throws 412 when it has moved on.
    func update(
        _ id: UUID, ifMatch version: Int64?, as caller: Caller, _ change: @Sendable (SearchWishes) throws -> SearchWishes
    ) async throws -> SearchCriteria? {
        try await postgres.transaction(as: caller) { tx in
            let known: SearchCriteria? = try await tx.first(
                "SELECT \(SearchCriteria.columns) FROM search_criteria WHERE id = \(id) FOR NO KEY UPDATE")
            guard let known else { return nil }
            try known.expect(version)
            let wishes = try change(known.wishes)
            let run = try await run(known, wishes, in: tx)
            let updated: SearchCriteria? = try await tx.first(
                """
                UPDATE search_criteria SET updated_by = \(caller.userID), last_run_at = \(run.last), next_run_at = \(run.next), (\(SearchWishes.columns)) =
                    ROW(\(wishes.values))
                WHERE id = \(id) RETURNING \(SearchCriteria.columns)
                """)
            if let updated { try await tx.publish(SearchSaved(updated)) }
            return updated
        }
    }

    /// When a changed search was run last and is run next. What was told at once until now, or not at all, has nothing to catch up with but what was under way
    /// meanwhile; what was run by the clock is run once more before it is told at once.
    private func run(_ known: SearchCriteria, _ wishes: SearchWishes, in tx: Transaction) async throws -> (last: Date?, next: Date?) {
        let wasScheduled = known.wishes.isActive && known.wishes.searchFrequency != .immediate
        let now = Date()
        guard wishes.isActive else { return (known.lastRunAt, nil) }
        guard wishes.searchFrequency != .immediate else {
            return wasScheduled ? (known.lastRunAt, now) : (now, now.addingTimeInterval(SearchRunStore.catchUp))
        }
        if wasScheduled, known.wishes.searchFrequency == wishes.searchFrequency { return (known.lastRunAt, known.nextRunAt) }
        let next = try await schedule(of: known.userID, in: tx).next(wishes.searchFrequency, after: now, anchor: known.createdAt)
        return (wasScheduled ? known.lastRunAt : now, next)
    }

    private func schedule(of user: UUID, in tx: Transaction) async throws -> SearchSchedule {
        SearchSchedule(zone: try await tx.value("SELECT timezone FROM seekers WHERE user_id = \(user)"))
    }

    /// False when there is no such search.
    func delete(_ id: UUID, ifMatch version: Int64?, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            let known: SearchCriteria? = try await tx.first(
                "SELECT \(SearchCriteria.columns) FROM search_criteria WHERE id = \(id) FOR UPDATE")
            guard let known else { return false }
            try known.expect(version)
            try await tx.execute("DELETE FROM search_criteria WHERE id = \(id)")
            try await tx.publish(SearchDeleted(searchID: id, userID: known.userID, version: known.version + 1))
            return true
        }
    }

    /// A deleted user's searches go, and their matches with them.
    func deleteAll(of user: UUID, in tx: Transaction) async throws {
        // In the order in which scoring holds them.
        _ = try await tx.rows("SELECT id FROM search_criteria WHERE user_id = \(user) ORDER BY id FOR UPDATE")
        try await tx.execute("DELETE FROM search_criteria WHERE user_id = \(user)")
    }
}

extension SearchSaved {
    fileprivate init(_ search: SearchCriteria) {
        self.init(
            searchID: search.id, userID: search.userID, searchName: search.wishes.name, isActive: search.wishes.isActive,
            version: search.version)
    }
}
