import TestKit
import Testing

@testable import Postgres

@Suite struct ConnectionTests {
    @Test func aUnitHitByTheCancellingOfAnotherRunsAgain() async throws {
        try await TestDatabase.with(maximumConnections: 1) { (database) async throws in
            let postgres = database.postgres
            try await postgres.execute("CREATE SEQUENCE runs")
            let unit = Task { try await postgres.value("SELECT nextval('runs') FROM pg_sleep(1)", as: Int.self) }
            try await PostgresSession.with(database.configuration, logger: TestDatabase.logger) { session in
                try await eventually { try await session.value(sleepers) == 1 }
            }
            try #require(postgres.pool.state.withLock { $0.slots.first?.connection }).canceller.cancel()
            _ = try await unit.value
        }
    }

    @Test func aCancelThatComesTooEarlyIsRepeated() async throws {
        try await TestDatabase.with(maximumConnections: 4) { (database) async throws in
            let postgres = database.postgres
            // The next round's transactions would be hit by a request that comes too late.
            for _ in 0..<10 {
                let tasks = (0..<4).map { _ in Task { try await postgres.transaction { _ = try await $0.execute("SELECT pg_sleep(60)") } } }
                try await eventually { postgres.pool.state.withLock { $0.slots.count { $0.use == .reserved } } == 4 }
                for task in tasks { task.cancel() }
                for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
            }
            #expect(try await postgres.value(sleepers) == 0)
        }
    }

    @Test func scriptsAndStatementsOfOneSessionTakeTurns() async throws {
        try await TestDatabase.with { (database) async throws in
            try await PostgresSession.with(database.configuration, logger: TestDatabase.logger) { session in
                try await session.execute("CREATE TABLE t (id int)")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<10 {
                        group.addTask { try await session.script("INSERT INTO t VALUES (1); SELECT pg_sleep(0.01)") }
                        group.addTask { _ = try await session.execute("INSERT INTO t VALUES (1)") }
                    }
                    try await group.waitForAll()
                }
                #expect(try await session.value("SELECT count(*) FROM t") == 20)
            }
        }
    }

    @Test func aScriptThatLosesItsConnectionSaysSo() async throws {
        try await TestDatabase.with { (database) async throws in
            try await PostgresSession.with(database.configuration, logger: TestDatabase.logger) { session in
                let error = await #expect(throws: PostgresError.self) { try await session.script("SELECT pg_terminate_backend(pg_backend_pid())") }
                #expect(error?.kind == .connection)
            }
        }
    }

    @Test func aCopyThatIsNoneOfOursFailsAlone() async throws {
        try await TestDatabase.with(maximumConnections: 1) { (database) async throws in
            try await database.postgres.execute("CREATE TABLE t (id int)")
            for copy: SQL in ["COPY t FROM STDIN", "COPY t TO STDOUT"] {
                await #expect(throws: PostgresError.self) { try await database.postgres.execute(copy) }
                #expect(try await database.postgres.value("SELECT 1") == 1)
            }
        }
    }

    @Test func behindAPoolerNoStatementIsPreparedByName() async throws {
        try await TestDatabase.with { (database) async throws in
            var configuration = database.configuration
            (configuration.pooled, configuration.maximumConnections) = (true, 1)
            try await TestDatabase.running(configuration) { (postgres) async throws in
                _ = try await postgres.batch(as: Someone("ada"), ["SELECT \(1)", "SELECT 2"])
                try await postgres.transaction(as: Someone("ada")) { tx in
                    try await tx.savepoint { _ = try await $0.execute("SELECT \(1)") }
                    _ = try await tx.batch(["SELECT 1", "SELECT \("two")"])
                }
                _ = try? await postgres.execute("SELECT 1/0")
                #expect(try await postgres.value("SELECT count(*) FROM pg_prepared_statements") == 0)
            }
        }
    }

    @Test func aVeryLongStatementIsNotKept() async throws {
        try await TestDatabase.with(maximumConnections: 1) { (database) async throws in
            let kept: SQL = "SELECT count(*) FROM pg_prepared_statements WHERE length(statement) > 10000"
            let list = SQL.joined((0..<2_000).map { "\($0)" })
            #expect(try await database.postgres.value("SELECT 7 IN (\(list))") == true)
            #expect(try await database.postgres.value(kept) == 0)
        }
    }

    private let sleepers: SQL = """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'
        """
}
