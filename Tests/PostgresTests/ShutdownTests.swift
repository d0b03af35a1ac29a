import ServiceLifecycle
import TestKit
import Testing

@testable import Postgres

@Suite struct ShutdownTests {
    @Test func atShutdownATransactionInProgressFinishesAndNothingNewBegins() async throws {
        try await TestDatabase.with { (database) async throws in
            try await database.postgres.execute("CREATE TABLE t (id int)")
            let postgres = Postgres(database.configuration, logger: TestDatabase.logger)
            let services = ServiceGroup(services: [postgres], logger: TestDatabase.logger)
            let running = Task { try await services.run() }
            try await postgres.transaction { tx in
                _ = try await tx.execute("INSERT INTO t VALUES (1)")
                await services.triggerGracefulShutdown()
                try await eventually { postgres.pool.state.withLock { $0.isClosed } }
                let late = await #expect(throws: PostgresError.self) { try await postgres.execute("SELECT 1") }
                #expect(late?.kind == .closed)
                _ = try await tx.execute("INSERT INTO t VALUES (2)")
            }
            try await running.value
            #expect(try await database.postgres.value("SELECT count(*) FROM t") == 2)
        }
    }

    @Test func aShutdownThatIsCancelledWaitsForNobody() async throws {
        try await TestDatabase.with { (database) async throws in
            let pool = Pool(database.configuration, logger: TestDatabase.logger)
            let unit = Unit(["SELECT pg_sleep(60)"], independent: true, file: #fileID, line: #line)
            let waiting = Task { try await unit.answers { pool.submit(unit) } }
            try await eventually { pool.state.withLock { $0.slots.first?.load } == 1 }
            let draining = Task { await pool.drain() }
            try await eventually { pool.state.withLock { $0.isClosed } }
            draining.cancel()
            await draining.value
            let error = await #expect(throws: PostgresError.self) { _ = try await waiting.value }
            #expect(error?.kind == .closed)
        }
    }
}
