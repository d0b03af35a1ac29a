import TestKit
import Testing

@testable import Postgres

@Suite struct ServerRestartTests {
    @Test func aKilledServerFailsWhatIsInFlightAndThePoolServesAgainByItself() async throws {
        try await ThrowawayPostgres.with { server in
            let configuration = PostgresConfiguration(url: server.url, maximumConnections: 3, acquireTimeout: .seconds(60))
            try await TestDatabase.running(configuration) { (postgres) async throws in
                try await makeSlowCommit(postgres)
                let unit = Task { try await postgres.execute("SELECT pg_sleep(60)") }
                let commit = Task { try await postgres.transaction { _ = try await $0.execute("INSERT INTO slow VALUES (1)") } }
                let busy: SQL = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                try await PostgresSession.with(configuration, logger: TestDatabase.logger) { session in
                    try await eventually { try await session.value(busy) == 2 }
                }
                server.kill()
                let lostUnit = await #expect(throws: PostgresError.self) { _ = try await unit.value }
                #expect(lostUnit?.kind == .connection)
                let lostCommit = await #expect(throws: PostgresError.self) { try await commit.value }
                #expect(lostCommit?.kind == .connection)
                #expect(lostCommit?.message.contains("unknown whether it took effect") == true)
                try await eventually { postgres.pool.state.withLock { $0.slots.isEmpty } }
                let units = (0..<40).map { number in Task { try await postgres.value("SELECT \(number)", as: Int.self) } }
                let transactions = (0..<10).map { number in
                    Task { try await postgres.transaction { try await $0.value("SELECT \(number)", as: Int.self) } }
                }
                try await server.start()
                for (number, task) in units.enumerated() { #expect(try await task.value == number) }
                for (number, task) in transactions.enumerated() { #expect(try await task.value == number) }
                #expect(try await postgres.value("SELECT count(*) FROM slow") == 0)
            }
        }
    }

    @Test func whoWaitsForAServerThatStaysAwayIsToldSo() async throws {
        try await ThrowawayPostgres.with { server in
            let configuration = PostgresConfiguration(url: server.url, maximumConnections: 2, acquireTimeout: .milliseconds(300))
            try await TestDatabase.running(configuration) { (postgres) async throws in
                try await eventually { (try? await postgres.value("SELECT 1")) == 1 }
                server.kill()
                try await eventually { postgres.pool.state.withLock { $0.slots.isEmpty } }
                let unit = await #expect(throws: PostgresError.self) { try await postgres.execute("SELECT 1") }
                #expect(unit?.kind == .connection)
                let transaction = await #expect(throws: PostgresError.self) {
                    try await postgres.transaction { _ = try await $0.execute("SELECT 1") }
                }
                #expect(transaction?.kind == .connection)
                try await server.start()
                try await eventually { (try? await postgres.value("SELECT 1")) == 1 }
            }
        }
    }

    @Test func aListenerIsConnectedAgain() async throws {
        try await ThrowawayPostgres.with { server in
            let configuration = PostgresConfiguration(url: server.url)
            let listener = PostgresListener(configuration, channels: ["news"], logger: TestDatabase.logger)
            var events = listener.events().makeAsyncIterator()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await listener.run() }
                #expect(await events.next() == .connected)
                server.kill()
                try await server.start()
                #expect(await events.next() == .connected)
                try await PostgresSession.with(configuration, logger: TestDatabase.logger) { _ = try await $0.execute("NOTIFY news, 'back'") }
                #expect(await events.next() == .notification(channel: "news", payload: "back"))
                group.cancelAll()
            }
        }
    }

    /// A table whose insertions are slow to commit.
    private func makeSlowCommit(_ postgres: Postgres) async throws {
        for statement: SQL in [
            "CREATE TABLE slow (id int)",
            "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'",
            "CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle()",
        ] { try await postgres.execute(statement) }
    }
}
