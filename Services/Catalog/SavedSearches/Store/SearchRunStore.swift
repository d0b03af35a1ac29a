import Foundation
import Messaging
import Postgres
import ServiceKit

/// Runs saved searches whose time has come. Copies share the work by locking rows; a run, what it tells and its next time are one transaction.
struct SearchRunStore {
    /// What a transaction that took long stored may be older than the run before that did not see it yet.
    static let overlap: TimeInterval = 600
    /// So long after a search that is told at once was saved it is run, once: what was scored in a transaction that did not see it yet, nor it that listing.
    static let catchUp: TimeInterval = 60

    let postgres: Postgres
    let matches: MatchStore

    /// Runs the one that has been due longest, or one step of its run: then it stays due. False when none is.
    func runNext(now: Date = Date()) async throws -> Bool {
        var claimed: UUID?
        do {
            return try await postgres.transaction(as: ServiceCaller(), retries: 2) { tx in
                let due: DueSearch? = try await tx.first(
                    """
                    SELECT s.id, s.search_frequency, s.created_at, coalesce(s.last_run_at, s.created_at) AS last_run_at,
                        s.run_changed_at::text AS changed_at, s.run_listing_id AS listing_id,
                        (SELECT timezone FROM seekers WHERE user_id = s.user_id) AS timezone
                    FROM search_criteria s WHERE s.is_active AND s.next_run_at <= \(now)
                    ORDER BY s.next_run_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
                    """)
                guard let due else { return false }
                claimed = due.id
                let overlap = due.frequency == .immediate ? Self.catchUp : Self.overlap
                let start = due.place ?? RunPlace(since: due.lastRunAt.addingTimeInterval(-overlap))
                if let place = try await matches.run(search: due.id, behind: start, in: tx) {
                    // Behind the others that are due.
                    try await tx.execute(
                        """
                        UPDATE search_criteria SET run_changed_at = \(place.changedAt)::timestamptz, run_listing_id = \(place.listingID),
                            next_run_at = \(now)
                        WHERE id = \(due.id)
                        """)
                    return true
                }
                let next = SearchSchedule(zone: due.timezone).next(due.frequency, after: now, anchor: due.createdAt)
                try await tx.execute(
                    """
                    UPDATE search_criteria SET last_run_at = \(now), next_run_at = \(next), run_changed_at = NULL, run_listing_id = NULL
                    WHERE id = \(due.id)
                    """)
                return true
            }
        } catch {
            // One that cannot be run must not keep the others from running; what it missed is looked at when it can.
            if let claimed, !(error is CancellationError) { try await postpone(claimed, now: now) }
            throw error
        }
    }

    private func postpone(_ search: UUID, now: Date) async throws {
        _ = try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                "UPDATE search_criteria SET next_run_at = \(now.addingTimeInterval(600)) WHERE id = \(search) AND next_run_at <= \(now)")
        }
    }

    private struct DueSearch: RowDecodable {
        let id: UUID
        let frequency: SearchFrequency
        let createdAt: Date
        let lastRunAt: Date
        let timezone: String?
        /// Where its run goes on.
        let place: RunPlace?

        init(row: Row) throws {
            id = try row["id"]
            frequency = try row["search_frequency"]
            createdAt = try row["created_at"]
            lastRunAt = try row["last_run_at"]
            timezone = try row["timezone"]
            place = try (row["listing_id"] as UUID?) == nil ? nil : RunPlace(row: row)
        }
    }
}
