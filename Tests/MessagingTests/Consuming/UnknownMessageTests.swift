import Contracts
import Foundation
import Messaging
import TestKit
import Testing

/// The next version of `Counted`, which only a newer release hears.
private struct CountedTwice: Event {
    static let name = "catalog.test.counted.v2"
    var id: UUID
    var step: Int
    var subject: UUID { id }
}

@Suite struct UnknownMessageTests {
    private func publish(_ event: CountedTwice, on stage: Stage) async throws {
        let body = """
            {"specversion":"1.0","id":"\(UUID())","source":"/hearth/catalog","type":"\(CountedTwice.name)","time":"2026-11-21T23:59:59.999Z",
             "datacontenttype":"application/json","data":{"id":"\(event.id)","step":\(event.step)}}
            """
        try await stage.broker.publish(
            OutgoingMessage(
                exchange: Topology.delivery(of: "catalog"), routingKey: Topology.workKey, body: Array(body.utf8), messageID: UUID().uuidString,
                mandatory: true))
    }

    @Test func aTypeThatOnlyANewerCopyHearsWaitsForItAndIsNotParked() async throws {
        try await Stage.with { stage in
            // So many pauses that the old copy cannot use them up before the new one is there.
            let retry = RetryPolicy(delays: Array(repeating: .milliseconds(300), count: 100))
            let older = stage.consumer(retry: retry)
            older.noteEffects()
            let counter = UUID()
            try await running([older]) {
                try await publish(CountedTwice(id: counter, step: 2), on: stage)
                // Others flow meanwhile.
                try await stage.count([Counted(id: counter, step: 1)])
                try await running([stage.relay()]) {
                    try await eventually { try await stage.effects(counter) == [1] }
                }
                try await stage.vhost.connected(.catalog, logger: quiet) { broker in
                    let newer = stage.consumer(broker, retry: retry)
                    newer.on(CountedTwice.self) { event, delivery, tx in
                        try await tx.execute("INSERT INTO effects (id, step) VALUES (\(event.id), \(event.step))")
                    }
                    newer.noteEffects()
                    try await running([newer]) {
                        try await eventually { try await stage.effects(counter) == [1, 2] }
                    }
                }
                #expect(try await stage.deadLetters.list().isEmpty)
            }
        }
    }

    @Test func aTypeThatNobodyHearsIsParkedAfterItsLastAttemptAndOthersFlow() async throws {
        try await Stage.with { stage in
            let consumer = stage.consumer(concurrency: 1, retry: RetryPolicy(delays: [.milliseconds(50), .milliseconds(100)]))
            consumer.noteEffects()
            try await running([consumer, stage.relay()]) {
                let counter = UUID()
                try await publish(CountedTwice(id: counter, step: 2), on: stage)
                try await stage.count([Counted(id: counter, step: 1)])
                try await eventually { try await stage.effects(counter) == [1] }
                try await eventually { try await stage.deadLetters.list().count == 1 }
                let letter = try #require(try await stage.deadLetters.list().first)
                #expect(letter.reason == "unknown type")
                #expect(letter.attempts == 3)
                #expect(letter.error == "nothing here hears \(CountedTwice.name)")
            }
        }
    }
}
