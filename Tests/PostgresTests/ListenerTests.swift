import TestKit
import Testing

@testable import Postgres

@Suite struct ListenerTests {
    @Test func aListenerHearsAndReconnectsByItself() async throws {
        try await TestDatabase.with { (database) async throws in
            let listener = PostgresListener(database.configuration, channels: ["news", "Odd \"name\""], logger: TestDatabase.logger)
            var events = listener.events().makeAsyncIterator()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await listener.run() }
                #expect(await events.next() == .connected)
                try await database.postgres.execute("SELECT pg_notify('news', 'one')")
                #expect(await events.next() == .notification(channel: "news", payload: "one"))
                try await database.postgres.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = \(database.name)")
                #expect(await events.next() == .connected)
                try await database.postgres.execute("SELECT pg_notify('Odd \"name\"', 'two')")
                #expect(await events.next() == .notification(channel: "Odd \"name\"", payload: "two"))
                group.cancelAll()
                #expect(await events.next() == nil)
            }
        }
    }

    @Test func aListenerThatIsOverTellsNothingMore() async throws {
        try await TestDatabase.with { (database) async throws in
            let listener = PostgresListener(database.configuration, channels: ["news"], logger: TestDatabase.logger)
            let running = Task { try await listener.run() }
            running.cancel()
            try await running.value
            for await _ in listener.events() { Issue.record("it is over") }
        }
    }
}
