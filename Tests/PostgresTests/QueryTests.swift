import Foundation
import TestKit
import Testing

@testable import Postgres

@Suite struct QueryTests {
    @Test func aRowDecodesByName() async throws {
        try await TestDatabase.with { (database) async throws in
            let rows = try await database.postgres.rows("SELECT \(42) AS answer, \("naïve '\" \\ text") AS words, \(nil as Int?) AS nothing")
            #expect(rows.count == 1)
            #expect(try rows[0]["answer"] == 42)
            #expect(try rows[0]["words"] == "naïve '\" \\ text")
            let nothing: Int? = try rows[0]["nothing"]
            #expect(nothing == nil)
        }
    }

    @Test func manyTasksShareFewConnections() async throws {
        try await TestDatabase.with(maximumConnections: 3) { (database) async throws in
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...500 { group.addTask { try await database.postgres.value("SELECT \(number)") ?? 0 } }
                return try await group.reduce(0, +)
            }
            #expect(sum == 125_250)
            let connections: Int? = try await database.postgres.value(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = \(database.name)")
            #expect((1...3).contains(connections ?? 0))
        }
    }

    @Test func aBatchIsOneTransaction() async throws {
        try await TestDatabase.with { (database) async throws in
            try await database.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)")
            let error = await #expect(throws: PostgresError.self) {
                _ = try await database.postgres.batch(as: nil, ["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (1)"])
            }
            #expect(error?.sqlState == .uniqueViolation)
            #expect(error?.constraint == "t_pkey")
            #expect(try await database.postgres.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test func aRuleCheckedAtTheEndFailsTheStatement() async throws {
        try await TestDatabase.with { (database) async throws in
            try await database.postgres.execute("CREATE TABLE t (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
            for statements: [SQL] in [["INSERT INTO t VALUES (1), (1)"], ["INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (2)"]] {
                let error = await #expect(throws: PostgresError.self) { _ = try await database.postgres.batch(as: Someone("ada"), statements) }
                #expect(error?.sqlState == .uniqueViolation)
            }
            #expect(try await database.postgres.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test func aTransactionCommitsOrRollsBack() async throws {
        struct Stop: Error {}
        try await TestDatabase.with { (database) async throws in
            try await database.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)")
            try await database.postgres.transaction { tx in _ = try await tx.execute("INSERT INTO t VALUES (1)") }
            await #expect(throws: Stop.self) {
                try await database.postgres.transaction { tx in
                    _ = try await tx.execute("INSERT INTO t VALUES (2)")
                    throw Stop()
                }
            }
            #expect(try await database.postgres.value("SELECT count(*) FROM t") == 1)
        }
    }
}
