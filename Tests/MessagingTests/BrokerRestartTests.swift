import Foundation
import TestKit
import Testing

@Suite struct BrokerRestartTests {
    @Test func aKilledBrokerLosesAndDoublesNothing() async throws {
        try await TestBrokerServer.with { server in
            try await Stage.with(server: server) { stage in
                let consumer = stage.consumer()
                consumer.noteEffects()
                try await running([consumer, stage.relay()]) {
                    let counters = (0..<20).map { _ in UUID() }
                    for step in 1...10 { try await stage.count(counters.map { Counted(id: $0, step: step) }) }
                    // RabbitMQ 3.10 syncs the registration of a new quorum queue half a second late, and one killed before that is lost to it.
                    try await Task.sleep(for: .seconds(3))
                    try await server.kill()
                    for step in 11...20 { try await stage.count(counters.map { Counted(id: $0, step: step) }) }
                    try await server.start()
                    for counter in counters {
                        try await eventually(within: .seconds(60)) { try await stage.effects(counter).count >= 20 }
                        #expect(try await stage.effects(counter).sorted() == Array(1...20))
                    }
                    #expect(try await stage.deadLetters.list().isEmpty)
                    try await eventually { try await stage.postgres.value("SELECT count(*) FROM outbox", as: Int.self) == 0 }
                }
            }
        }
    }
}
