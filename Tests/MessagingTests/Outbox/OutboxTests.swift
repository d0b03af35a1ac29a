import Contracts
import Foundation
import Postgres
import TestKit
import Testing

@testable import Messaging

@Suite struct OutboxTests {
    @Test func aRolledBackTransactionSendsNothing() async throws {
        try await Stage.with { stage in
            let consumer = stage.consumer()
            consumer.noteEffects()
            try await running([consumer, stage.relay()]) {
                let counter = UUID()
                await #expect(throws: Failure.self) {
                    try await stage.postgres.transaction { tx in
                        try await tx.publish(Counted(id: counter, step: 1))
                        throw Failure()
                    }
                }
                try await stage.count([Counted(id: counter, step: 2)])
                try await eventually { try await stage.effects(counter) == [2] }
            }
        }
    }

    @Test func anEventOfSeveralCausesHasTheOriginOfItsOwn() async throws {
        try await Stage.with { stage in
            let causes = (0..<2).map { number in
                Messaging.Delivery(
                    id: UUID(), source: "/hearth/catalog", type: Counted.name, subject: nil, time: Date(),
                    origin: Origin(requestID: "cause \(number)"),
                    data: [])
            }
            let counters = causes.map { _ in UUID() }
            try await stage.postgres.transaction { tx in
                try await tx.publish(zip(counters, causes).map { (event: Counted(id: $0, step: 1) as any Event, cause: $1 as Messaging.Delivery?) })
            }
            let rows = try await stage.postgres.rows("SELECT subject, body::jsonb ->> 'requestid' AS request FROM outbox ORDER BY id")
            #expect(try rows.map { try $0["subject"] as UUID } == counters)
            #expect(try rows.map { try $0["request"] as String } == ["cause 0", "cause 1"])
        }
    }

    @Test func theLagCanBeMeasured() async throws {
        try await Stage.with { stage in
            try await stage.count([Counted(id: UUID(), step: 1)])
            try await PostgresSession.with(stage.configuration, logger: quiet) { try await stage.relay().measure($0) }
        }
    }

    @Test func rowsGoOnceConfirmed() async throws {
        try await Stage.with { stage in
            try await stage.postgres.transaction { tx in
                try await tx.publish((1...1200).map { Counted(id: UUID(), step: $0) })
            }
            try await running([stage.relay()]) {
                try await eventually { try await stage.postgres.value("SELECT count(*) FROM outbox", as: Int.self) == 0 }
            }
        }
    }

    @Test func twoRelaysKeepTheOrderOfEachAggregate() async throws {
        try await Stage.with { stage in
            try await stage.vhost.connected(.catalog, logger: quiet) { second in
                let consumer = stage.consumer()
                consumer.noteEffects()
                try await running([consumer, stage.relay(), stage.relay(second)]) {
                    let counters = (0..<20).map { _ in UUID() }
                    for round in 0..<10 {
                        try await stage.postgres.transaction { tx in
                            try await tx.publish(counters.flatMap { id in (1...10).map { Counted(id: id, step: round * 10 + $0) } })
                        }
                    }
                    for counter in counters {
                        try await eventually { try await stage.effects(counter).count == 100 }
                        #expect(try await stage.effects(counter) == Array(1...100))
                    }
                }
            }
        }
    }

    @Test func aCommandWaitsForItsReceiverAndHoldsUpNoEvent() async throws {
        try await Stage.with { stage in
            let consumer = stage.consumer()
            consumer.noteEffects()
            let command = SendEmail(
                emailID: UUID(), userID: nil, toEmail: "a@example.org", toName: nil, template: "new_listing", locale: "de-DE", data: [:],
                type: "notification")
            try await running([consumer, stage.relay()]) {
                let counter = UUID()
                try await stage.postgres.transaction { tx in
                    try await tx.send(command)
                    try await tx.publish(Counted(id: counter, step: 1))
                }
                try await eventually { try await stage.effects(counter) == [1] }
                #expect(try await stage.postgres.value("SELECT count(*) FROM outbox", as: Int.self) == 1)
                let heard = Noted<[UUID]>([])
                try await stage.vhost.connected(.campaigns, logger: quiet) { campaigns in
                    let receiver = Consumer(
                        campaigns, postgres: stage.postgres, service: "campaigns", context: ServiceContextOfTest(), logger: quiet)
                    receiver.on(SendEmail.self) { email, delivery, _ in
                        #expect(delivery.source == "/hearth/catalog")
                        heard.change { $0.append(email.emailID) }
                    }
                    try await running([receiver]) { try await eventually { heard.value == [command.emailID] } }
                }
                try await eventually { try await stage.postgres.value("SELECT count(*) FROM outbox", as: Int.self) == 0 }
            }
        }
    }
}
