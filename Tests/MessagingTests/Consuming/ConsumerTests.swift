import Contracts
import Foundation
import Messaging
import TestKit
import Testing

@Suite struct ConsumerTests {
    private func send(_ body: String, on stage: Stage, id: UUID = UUID()) async throws {
        try await stage.broker.publish(
            OutgoingMessage(
                exchange: Topology.delivery(of: "catalog"), routingKey: Topology.workKey, body: Array(body.utf8), messageID: id.uuidString,
                mandatory: true))
    }

    private func event(_ id: UUID, type: String = Counted.name, data: String) -> String {
        """
        {"specversion":"1.0","id":"\(id)","source":"/hearth/catalog","type":"\(type)","time":"2026-11-21T23:59:59.999Z",
         "datacontenttype":"application/json","future":{"any":[1]},"data":\(data)}
        """
    }

    @Test func aMessageHasItsEffectOnceHoweverOftenItComes() async throws {
        try await Stage.with { stage in
            let consumer = stage.consumer()
            consumer.noteEffects()
            try await running([consumer]) {
                let (message, counter) = (UUID(), UUID())
                for _ in 0..<20 { try await send(event(message, data: #"{"id":"\#(counter)","step":1,"unknown":true}"#), on: stage) }
                try await send(event(UUID(), data: #"{"id":"\#(counter)","step":2}"#), on: stage)
                try await eventually { try await stage.effects(counter).contains(2) }
                try await eventually { try await stage.effects(counter).contains(1) }
                #expect(try await stage.effects(counter).sorted() == [1, 2])
            }
        }
    }

    @Test func aHandlerThatThrowsAfterWritingLeavesNothingAndIsTriedAgain() async throws {
        try await Stage.with { stage in
            let attempts = Noted<[Int]>([])
            let consumer = stage.consumer(retry: RetryPolicy(delays: [.milliseconds(50), .milliseconds(100)]))
            consumer.on(Counted.self) { event, delivery, tx in
                try await tx.execute("INSERT INTO effects (id, step) VALUES (\(event.id), \(event.step))")
                attempts.change { $0.append(delivery.attempt) }
                if delivery.attempt < 3 { throw Failure() }
            }
            try await running([consumer, stage.relay()]) {
                let counter = UUID()
                try await stage.count([Counted(id: counter, step: 1)])
                try await eventually { try await stage.effects(counter) == [1] }
                #expect(attempts.value == [1, 2, 3])
            }
        }
    }

    @Test func aMessageThatFailsToTheEndIsParkedWithTheReasonAndCanBeReplayed() async throws {
        try await Stage.with { stage in
            let mended = Noted(false)
            let consumer = stage.consumer(retry: RetryPolicy(delays: [.milliseconds(20)]))
            consumer.on(Counted.self) { event, _, tx in
                if !mended.value { throw Refusal() }
                try await tx.execute("INSERT INTO effects (id, step) VALUES (\(event.id), \(event.step))")
            }
            try await running([consumer, stage.relay()]) {
                let counter = UUID()
                try await stage.count([Counted(id: counter, step: 7)])
                try await eventually { try await stage.deadLetters.list().count == 1 }
                let letter = try #require(try await stage.deadLetters.list().first)
                #expect(letter.reason == "retries exhausted")
                #expect(letter.type == Counted.name)
                #expect(letter.attempts == 2)
                #expect(letter.error?.contains("Refusal") == true)
                #expect(letter.firstFailure != nil && letter.parkedAt != nil)
                #expect(try await stage.deadLetters.show(letter.id)?.body == letter.body)

                mended.change { $0 = true }
                #expect(try await stage.deadLetters.replay(letter.id) == 1)
                try await eventually { try await stage.effects(counter) == [7] }
                #expect(try await stage.deadLetters.list().isEmpty)
            }
        }
    }

    private struct Refusal: Error {}

    @Test func whatWaitsIsHandledTogetherEachOnceAndOneThatIsAtFaultHarmsNoOther() async throws {
        try await Stage.with { stage in
            let (isThere, sizes) = (Noted(false), Noted<[Int]>([]))
            let consumer = stage.consumer(concurrency: 1)
            consumer.onMany(Counted.self) { received, tx in
                // The first waits, alone, until the others are here.
                if received[0].message.step == 0 { try await eventually { isThere.value } }
                for (event, _) in received {
                    if event.step == 13 { throw Unprocessable("thirteen") }
                    try await tx.execute("INSERT INTO effects (id, step) VALUES (\(event.id), \(event.step))")
                }
                sizes.change { $0.append(received.count) }
            }
            try await running([consumer]) {
                let (counter, twice) = (UUID(), UUID())
                try await send(event(UUID(), data: #"{"id":"\#(counter)","step":0}"#), on: stage)
                for step in 1...150 {
                    try await send(event(step == 50 ? twice : UUID(), data: #"{"id":"\#(counter)","step":\#(step)}"#), on: stage)
                    if step == 50 { try await send(event(twice, data: #"{"id":"\#(counter)","step":50}"#), on: stage) }
                }
                isThere.change { $0 = true }
                try await eventually { try await stage.effects(counter).contains(150) }
                #expect(try await stage.effects(counter) == Array(0...150).filter { $0 != 13 })
                try await eventually { try await stage.deadLetters.list().map(\.error) == ["thirteen"] }
                #expect(try await stage.postgres.rows("SELECT message_id FROM inbox").count == 150)
                #expect(sizes.value.max() ?? 0 > 1 && sizes.value.max() ?? 0 <= 64)
                #expect(sizes.value.reduce(0, +) == 150)
            }
        }
    }

    @Test func whatCannotBeProcessedIsParkedAtOnceAndBlocksNothing() async throws {
        try await Stage.with { stage in
            let consumer = stage.consumer(concurrency: 1, retry: RetryPolicy(delays: [.seconds(600)]))
            consumer.on(Counted.self) { event, _, tx in
                if event.step == 13 { throw Unprocessable("thirteen") }
                try await tx.execute("INSERT INTO effects (id, step) VALUES (\(event.id), \(event.step))")
            }
            try await running([consumer]) {
                let counter = UUID()
                try await send("{broken", on: stage)
                try await send(event(UUID(), data: #"{"id":"\#(counter)","step":"one"}"#), on: stage)
                try await send(#"{"specversion":"1.0","id":"no UUID","type":"\#(Counted.name)","data":{}}"#, on: stage)
                try await send(event(UUID(), data: #"{"id":"\#(counter)","step":13}"#), on: stage)
                try await send(event(UUID(), data: #"{"id":"\#(counter)","step":14}"#), on: stage)
                try await eventually { try await stage.effects(counter) == [14] }
                try await eventually { try await stage.deadLetters.list().count == 4 }
                let letters = try await stage.deadLetters.list()
                #expect(letters.allSatisfy { $0.reason == "unprocessable" && $0.attempts == 1 && $0.error?.isEmpty == false })
                #expect(letters[0].error == "broken JSON")
                #expect(letters[3].error == "thirteen")
                #expect(try await stage.deadLetters.drop(letters[0].id) == 1)
                #expect(try await stage.deadLetters.drop() == 3)
                #expect(try await stage.deadLetters.list().isEmpty)
            }
        }
    }

    @Test func oneSubjectKeepsItsOrderWhileOthersAreHandledAtOnce() async throws {
        try await Stage.with { stage in
            let (now, most) = (Noted(0), Noted(0))
            let consumer = stage.consumer(concurrency: 4)
            consumer.on(Counted.self) { event, _, tx in
                now.change { $0 += 1 }
                most.change { $0 = max($0, now.value) }
                try await tx.execute("INSERT INTO effects (id, step) VALUES (\(event.id), \(event.step))")
                try await Task.sleep(for: .milliseconds(2))
                now.change { $0 -= 1 }
            }
            try await running([consumer, stage.relay()]) {
                let counters = (0..<12).map { _ in UUID() }
                for step in 1...10 { try await stage.count(counters.map { Counted(id: $0, step: step) }) }
                for counter in counters {
                    try await eventually { try await stage.effects(counter).count == 10 }
                    #expect(try await stage.effects(counter) == Array(1...10))
                }
                #expect(most.value > 1 && most.value <= 4)
            }
        }
    }

    @Test func itGoesOnAfterItsConnectionIsClosedAndLosesNothing() async throws {
        try await Stage.with { stage in
            let consumer = stage.consumer()
            consumer.noteEffects()
            try await running([consumer, stage.relay()]) {
                let counter = UUID()
                try await stage.count((1...50).map { Counted(id: counter, step: $0) })
                try await eventually { try await stage.vhost.closeConnections() >= 1 }
                try await stage.count((51...100).map { Counted(id: counter, step: $0) })
                try await eventually { try await stage.effects(counter).count >= 100 }
                #expect(try await stage.effects(counter).sorted() == Array(1...100))
                #expect(try await stage.deadLetters.list().isEmpty)
            }
        }
    }

    @Test func whatIsPublishedInAHandlerCarriesTheOriginOn() async throws {
        try await Stage.with { stage in
            let origins = Noted<[Origin]>([])
            let consumer = stage.consumer()
            consumer.on(Counted.self) { event, delivery, tx in
                origins.change { $0.append(delivery.origin) }
                if event.step == 1 { try await tx.publish(Counted(id: event.id, step: 2)) }
            }
            try await running([consumer, stage.relay()]) {
                let origin = Origin(actorID: UUID(), requestID: "r-\"1\"", clientIP: "::1", userAgent: "ü\u{1}")
                try await origin.run { try await stage.count([Counted(id: UUID(), step: 1)]) }
                try await eventually { origins.value.count == 2 }
                #expect(origins.value == [origin, origin])
            }
        }
    }
}
