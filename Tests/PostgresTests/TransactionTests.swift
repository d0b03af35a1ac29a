import TestKit
import Testing

@testable import Postgres

@Suite struct TransactionTests {
    @Test func aTransactionWhoseConnectionIsLostEndsThere() async throws {
        try await TestDatabase.with(maximumConnections: 2) { (database) async throws in
            let postgres = database.postgres
            try await postgres.execute("CREATE TABLE t (id int)")
            let error = await #expect(throws: PostgresError.self) {
                try await postgres.transaction { tx in
                    let pid: Int? = try await tx.value("SELECT pg_backend_pid()")
                    _ = try await tx.execute("INSERT INTO t VALUES (1)")
                    let before = postgres.pool.state.withLock { $0.slots.count }
                    try await postgres.execute("SELECT pg_terminate_backend(\(pid)::int)")
                    try await eventually { postgres.pool.state.withLock { $0.slots.count } < max(before, 2) }
                    do {
                        _ = try await tx.execute("INSERT INTO t VALUES (2)")
                        Issue.record("it ran outside of its transaction")
                    } catch let error as PostgresError {
                        #expect(error.kind == .connection)
                    }
                }
            }
            #expect(error?.kind == .connection)
            #expect(try await postgres.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test func aSerializationFailureIsTriedAgainAsOftenAsAllowed() async throws {
        try await TestDatabase.with { (database) async throws in
            let postgres = database.postgres
            try await postgres.execute("CREATE TABLE t AS SELECT 0 AS n")
            for (retries, collisions) in [(0, 1), (2, 2), (2, 3)] {
                var attempts = 0
                do {
                    try await postgres.transaction(isolation: .repeatableRead, retries: retries) { tx in
                        attempts += 1
                        let n: Int? = try await tx.value("SELECT n FROM t")
                        if attempts <= collisions { try await postgres.execute("UPDATE t SET n = n + 1") }
                        _ = try await tx.execute("UPDATE t SET n = \(n ?? 0) + 100")
                    }
                    #expect(collisions <= retries)
                } catch let error as PostgresError {
                    #expect(error.sqlState == .serializationFailure)
                    #expect(collisions > retries)
                }
                #expect(attempts == min(retries, collisions) + 1)
            }
            #expect(try await postgres.value("SELECT n FROM t") == 106)
        }
    }

    @Test func aRefusedCommitLeavesNoOpenTransactionBehind() async throws {
        try await TestDatabase.with(maximumConnections: 1) { (database) async throws in
            let postgres = database.postgres
            try await postgres.transaction { _ = try await $0.execute("SELECT 1") }
            let error = await #expect(throws: PostgresError.self) {
                // The server forgets how this connection prepared COMMIT, so it refuses it without having ended the transaction.
                try await postgres.transaction { _ = try await $0.execute("DEALLOCATE ALL") }
            }
            #expect(error?.kind == .server)
            #expect(try await postgres.value("SELECT 1") == 1)
        }
    }

    @Test func transactionsAreServedInTheOrderOfTheirComing() async throws {
        try await TestDatabase.with(maximumConnections: 1) { (database) async throws in
            let postgres = database.postgres
            try await postgres.execute("CREATE TABLE t (position serial, number int)")
            let tasks = try await postgres.transaction { tx in
                _ = try await tx.execute("SELECT 1")
                var tasks: [Task<Void, any Error>] = []
                for number in 1...6 {
                    tasks.append(Task { try await postgres.transaction { _ = try await $0.execute("INSERT INTO t (number) VALUES (\(number))") } })
                    try await eventually { postgres.pool.state.withLock { $0.waiters.count } == number }
                }
                return tasks
            }
            for task in tasks { try await task.value }
            #expect(try await postgres.rows("SELECT number FROM t ORDER BY position").map { try $0["number"] } == Array(1...6))
        }
    }

    @Test func neitherUnitsNorTransactionsStarveTheOther() async throws {
        try await TestDatabase.with(maximumConnections: 1, acquireTimeout: .seconds(60)) { (database) async throws in
            let postgres = database.postgres
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { while !Task.isCancelled { _ = try? await postgres.execute("SELECT 1") } } }
                for _ in 0..<5 { try await postgres.transaction { _ = try await $0.execute("SELECT 2") } }
                group.cancelAll()
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { while !Task.isCancelled { _ = try? await postgres.transaction { try await $0.execute("SELECT 1") } } }
                }
                for _ in 0..<5 { try await postgres.execute("SELECT 2") }
                group.cancelAll()
            }
        }
    }
}
