import ClientKit
import Contracts
import Foundation
import Postgres
import Testing

@testable import Demo

/// The state of every service's tables, read past the services: how many rows, and the sum of their hashes.
///
/// Left out is what is right to change by a refused request: messages on their way and kept answers, the sign-in's own counting of failures, when a
/// session was last seen, and analytics, which records what was tried.
struct Ledger: Sendable, Equatable {
    /// `listings` is how many there are in a place, counted by the clock.
    private static let volatile = ["last_active_at", "last_seen_at", "last_used_at", "failed_login_attempts", "locked_until", "listings"]
    private static let machinery = ["outbox", "inbox", "schema_migrations", "idempotency_keys", "consumer_lanes", "replies"]
    var tables: [String: String]

    /// The state once nothing moves any more: no search is about to be run, and two readings a second apart are the same.
    static func settled(_ services: [ServiceName] = ServiceName.allCases.filter { $0 != .analytics }) async throws -> Ledger {
        var last: Ledger?
        return try await Waiting.until("the databases being at rest", within: .seconds(180), every: .seconds(1)) {
            guard try await !isSearchDue() else { return nil }
            let now = try await read(services)
            defer { last = now }
            return now == last ? now : nil
        }
    }

    /// Tables whose rows are others than before.
    func changes(since before: Ledger) -> [String] {
        Set(tables.keys).union(before.tables.keys).sorted().compactMap { table in
            tables[table] == before.tables[table] ? nil : "\(table): \(before.tables[table] ?? "none") → \(tables[table] ?? "none")"
        }
    }

    /// A search that is told at once is run once more, a minute after it was saved.
    private static func isSearchDue() async throws -> Bool {
        try await RunningSystem.database { session in
            try await session.value(
                "SELECT EXISTS (SELECT FROM catalog.search_criteria WHERE is_active AND next_run_at < now() + interval '2 minutes')") ?? false
        }
    }

    private static func read(_ services: [ServiceName]) async throws -> Ledger {
        try await RunningSystem.database { session in
            var tables: [String: String] = [:]
            for service in services {
                let names: [Name] = try await session.all(
                    """
                    SELECT c.relname FROM pg_class c WHERE c.relnamespace = \(service.rawValue)::text::regnamespace AND c.relkind IN ('r', 'p')
                    AND NOT c.relispartition
                    """)
                for name in names.map(\.relname) where !machinery.contains(where: name.hasPrefix) {
                    tables["\(service.rawValue).\(name)"] = try await session.value(
                        """
                        SELECT count(*) || ' rows, ' || coalesce(sum(hashtextextended((to_jsonb(t) - \(volatile))::text, 0)), 0)
                        FROM \(identifier: service.rawValue).\(identifier: name) t
                        """)
                }
            }
            return Ledger(tables: tables)
        }
    }

    private struct Name: RowDecodable {
        var relname: String
        init(row: Row) throws { relname = try row["relname"] }
    }
}
