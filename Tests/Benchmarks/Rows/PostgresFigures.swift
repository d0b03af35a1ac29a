import BenchmarkPeers
import Foundation
import Postgres
import ServiceKit

/// The pool against pgbench and against a bare loop, on one table, over one transport, in turns.
struct PostgresFigures {
    let servers: Servers
    let plan: Plan
    private static let rows = 100_000
    private static let tasks = 16

    func take() async throws -> [Figure] {
        try await servers.withDatabase { url, adminURL in
            try await prepare(url, adminURL)
            return try await Servers.withPool(url) { postgres, _ in try await measure(postgres, url) }
        }
    }

    /// pgbench's own tables, and one whose rows belong to somebody.
    private func prepare(_ url: String, _ adminURL: String) async throws {
        _ = try await Tool.run("pgbench", ["-i", "-q", "-s", "1", adminURL])
        try await PostgresSession.with(PostgresConfiguration(url: adminURL), logger: Servers.logger) { session in
            try await session.script(
                """
                GRANT SELECT ON pgbench_accounts, pgbench_branches TO hearth_analytics;
                CREATE TABLE analytics.bench_owned (id int PRIMARY KEY, user_id uuid NOT NULL, balance int NOT NULL);
                INSERT INTO analytics.bench_owned
                    SELECT number, ('00000000-0000-7000-8000-' || lpad((number % \(Self.tasks))::text, 12, '0'))::uuid, 0
                    FROM generate_series(1, \(Self.rows)) AS number;
                ALTER TABLE analytics.bench_owned ENABLE ROW LEVEL SECURITY;
                CREATE POLICY own ON analytics.bench_owned FOR SELECT USING (user_id = (SELECT analytics.current_user_id()));
                GRANT SELECT ON analytics.bench_owned TO hearth_analytics;
                """)
            // VACUUM stands in no transaction, so it goes alone.
            try await session.script("VACUUM ANALYZE analytics.bench_owned")
        }
    }

    private func measure(_ postgres: Postgres, _ url: String) async throws -> [Figure] {
        let callers = (0..<Self.tasks).map { task in
            Caller(userID: UUID(uuidString: String(format: "00000000-0000-7000-8000-%012d", task)) ?? UUID(), sessionID: UUID())
        }
        var (toLoop, toPgbench, asCaller): ([Round], [Round], [Round]) = ([], [], [])
        let bare = try await bareConnections(url)
        for round in 0...plan.rounds {
            let pgbench = try await pgbench(url)
            let plain = try await select(postgres)
            let loop = try await select(bare)
            let owned = try await selectOwned(postgres, callers)
            // The first round warms up.
            guard round > 0 else { continue }
            toLoop.append(Round(hearth: plain, peer: loop))
            toPgbench.append(Round(hearth: plain, peer: pgbench))
            asCaller.append(Round(hearth: owned, peer: pgbench))
        }
        let pgbench = "pgbench -S -M prepared -c 8"
        return [
            Figure(
                name: "SELECT of one row, 16 tasks", peerName: "bare Swift on libpq, 2 connections", target: .ratio(0.9), rounds: toLoop,
                note: "both in pipeline mode with a Sync for each statement"),
            Figure(name: "the same", peerName: pgbench, target: .ratio(0.55, aim: 0.75), rounds: toPgbench),
            Figure(
                name: "a caller's read, 16 tasks", peerName: pgbench, target: .ratio(0.42, aim: 0.55), rounds: asCaller,
                note: "row-level-security context and SELECT in one round trip"),
        ]
    }

    private func pgbench(_ url: String) async throws -> Sample {
        try await .measured {
            let output = try await Tool.run("pgbench", ["-n", "-S", "-M", "prepared", "-c", "8", "-T", "\(plan.wholeSeconds)", url])
            return (try Tool.number(after: "tps =", in: output), Int(try Tool.number(after: "actually processed:", in: output)), nil)
        }
    }

    /// As many connections as the pool uses for statements of many tasks, opened on a thread where that may block.
    private func bareConnections(_ url: String) async throws -> [BareConnection] {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try (0..<2).map { _ in try BareConnection(url) } }) }
        }
    }

    private func select(_ connections: [BareConnection]) async throws -> Sample {
        let keys = Keys(count: Self.rows)
        return try await Load.run(tasks: Self.tasks, for: plan.duration) { task in
            _ = try await connections[task % connections.count].balance(of: keys.next())
        }
    }

    private func select(_ postgres: Postgres) async throws -> Sample {
        let keys = Keys(count: Self.rows)
        return try await Load.run(tasks: Self.tasks, for: plan.duration) { _ in
            let key = keys.next()
            let balance: Int? = try await postgres.value("SELECT abalance FROM pgbench_accounts WHERE aid = \(key)::int")
            guard balance != nil else { throw BenchmarkError("pgbench_accounts has no row \(key)") }
        }
    }

    private func selectOwned(_ postgres: Postgres, _ callers: [Caller]) async throws -> Sample {
        // Row n belongs to caller n modulo 16.
        let keys = Keys(count: Self.rows / Self.tasks - 1)
        return try await Load.run(tasks: Self.tasks, for: plan.duration) { task in
            let key = keys.next() * Self.tasks + task
            let row: Balance? = try await postgres.first(as: callers[task], "SELECT balance FROM bench_owned WHERE id = \(key)::int")
            guard row != nil else { throw BenchmarkError("bench_owned has no row \(key) for its owner") }
        }
    }

    private struct Balance: RowDecodable {
        var balance: Int
        init(row: Row) throws { balance = try row["balance"] }
    }
}
