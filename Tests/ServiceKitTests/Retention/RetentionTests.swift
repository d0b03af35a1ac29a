import Foundation
import Postgres
import TestKit
import Testing

@testable import ServiceKit

@Suite struct RetentionTests {
    @Test(arguments: [
        ("2026-11-21T01:59:59Z", 1.0), ("2026-11-21T02:00:00Z", 86_400), ("2026-11-21T14:00:00Z", 43_200), ("2026-03-29T00:30:00Z", 5400),
    ])
    func `It comes at two in the night, day after day`(now: String, seconds: Double) throws {
        let date = try Date.ISO8601FormatStyle().parse(now)
        #expect(Retention.untilNext(after: date) == seconds)
    }

    @Test func `Copies let everything go that is due, once, in batches, and nothing else`() async throws {
        try await TestDatabase.with { database in
            let count = Retention.batch * 3 + 7
            _ = try await database.postgres.transaction { tx in
                try await tx.batch([
                    "CREATE TABLE notes (id int PRIMARY KEY, written_at timestamptz NOT NULL)",
                    "INSERT INTO notes SELECT n, timestamptz '2026-01-01Z' FROM generate_series(1, \(count)) AS n",
                    "INSERT INTO notes VALUES (0, '2026-06-01Z')",
                ])
            }
            let rule = RetentionRule("notes") { now, limit in
                """
                DELETE FROM notes WHERE id IN (
                    SELECT id FROM notes WHERE written_at < \(now)::timestamptz - interval '3 months' LIMIT \(limit) FOR UPDATE SKIP LOCKED)
                """
            }
            let now = try Date.ISO8601FormatStyle().parse("2026-06-15T02:00:00Z")
            let retention = Retention([rule], postgres: database.postgres, logger: TestDatabase.logger, now: { now }, sleep: { _ in })
            let gone = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await retention.keep()["notes"] ?? 0 } }
                return try await group.reduce(0, +)
            }
            let rest = try await retention.keep()["notes"] ?? 0
            #expect(gone + rest == count)
            let left: [Row] = try await database.postgres.transaction { tx in try await tx.rows("SELECT id FROM notes") }
            #expect(try left.map { try $0["id"] as Int } == [0])
        }
    }
}
