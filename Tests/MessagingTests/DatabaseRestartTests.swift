import Foundation
import TestKit
import Testing

@Suite struct DatabaseRestartTests {
    @Test func aKilledDatabaseLosesDoublesAndParksNothing() async throws {
        try await ThrowawayPostgres.with { server in
            try await Stage.with(databaseServer: server) { stage in
                let consumer = stage.consumer()
                consumer.on(Counted.self) { event, _, tx in
                    try await tx.execute("INSERT INTO effects (id, step) SELECT \(event.id), \(event.step) FROM pg_sleep(0.02)")
                }
                let counters = (0..<20).map { _ in UUID() }
                for step in 1...10 { try await stage.count(counters.map { Counted(id: $0, step: step) }) }
                try await running([consumer]) {
                    // Not before the queue is bound: nobody keeps an event that nobody wants.
                    try await running([stage.relay()]) {
                        for downfall in 1...2 {
                            try await eventually {
                                (try? await stage.postgres.value("SELECT count(*) FROM effects", as: Int.self)) ?? 0 > downfall * 30
                            }
                            server.kill()
                            try await server.start()
                        }
                        for counter in counters {
                            try await eventually(within: .seconds(60)) { (try? await stage.effects(counter).count) ?? 0 >= 10 }
                            #expect(try await stage.effects(counter).sorted() == Array(1...10))
                        }
                        #expect(try await stage.deadLetters.list().isEmpty)
                        try await eventually { try await stage.postgres.value("SELECT count(*) FROM outbox", as: Int.self) == 0 }
                    }
                }
            }
        }
    }
}
