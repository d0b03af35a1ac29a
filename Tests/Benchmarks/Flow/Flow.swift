import Foundation
import Messaging
import Postgres
import ServiceKit

/// The parts of the flow, each startable alone.
struct Flow {
    let producing: Postgres
    let consuming: Postgres
    let configuration: PostgresConfiguration
    let broker: Broker

    /// Transactions of one change and one event each. Per second.
    func produce(_ count: Int) async throws -> Double {
        try await Load.rate(of: count, tasks: 16) { _ in
            let event = Happened(subject: .v7())
            try await producing.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("INSERT INTO bench_things (id, text) VALUES (\(event.subject), \(event.text))")
                try await tx.publish(event)
            }
        }
    }

    func whileRelaying(_ body: () async throws -> Void) async throws {
        let relay = OutboxRelay(
            postgres: producing, configuration: configuration, broker: broker, service: "analytics", logger: Servers.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await relay.run() }
            defer { group.cancelAll() }
            try await body()
        }
    }

    func whileConsuming(_ body: () async throws -> Void) async throws {
        let consumer = Consumer(broker, postgres: consuming, service: "analytics", context: ServiceCaller(), logger: Servers.logger)
        consumer.on(Happened.self) { event, _, tx in
            try await tx.execute("INSERT INTO bench_effects (id, text) VALUES (\(event.subject), \(event.text))")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await consumer.run() }
            defer { group.cancelAll() }
            while !consumer.isSubscribed { try await Task.sleep(for: .milliseconds(5)) }
            try await body()
        }
    }

    /// Per second, for `count` of something.
    func timed(_ count: Int, _ body: () async throws -> Void) async throws -> Double {
        let start = ContinuousClock.now
        try await body()
        return Double(count) / start.duration(to: .now).seconds
    }

    func waitUntilSent() async throws {
        try await wait { try await producing.value("SELECT NOT EXISTS (SELECT FROM outbox)") }
    }

    func effects() async throws -> Int { try await consuming.value("SELECT count(*) FROM bench_effects") ?? 0 }

    func wait(for expected: Int) async throws {
        try await wait { try await effects() >= expected }
    }

    private func wait(until isDone: () async throws -> Bool?) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await isDone() != true {
            guard ContinuousClock.now < deadline else { throw BenchmarkError("the flow stands still") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
