import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Outbox → broker → inbox → effect: the whole at once, against its parts one after the other.
struct FlowFigure {
    let servers: Servers
    let plan: Plan
    private static let producers = 16

    func take() async throws -> [Figure] {
        try await servers.withDatabase { url, adminURL in
            try await PostgresSession.with(PostgresConfiguration(url: adminURL), logger: Servers.logger) { session in
                try await session.script(
                    """
                    CREATE TABLE analytics.bench_things (id uuid PRIMARY KEY, text text NOT NULL);
                    CREATE TABLE analytics.bench_effects (id uuid PRIMARY KEY, text text NOT NULL);
                    GRANT SELECT, INSERT ON analytics.bench_things, analytics.bench_effects TO hearth_analytics;
                    """)
            }
            return try await servers.withVhost { brokerURL in
                try await Servers.withPool(url) { producing, configuration in
                    try await Servers.withPool(url) { consuming, _ in
                        try await take(producing, consuming, configuration, brokerURL)
                    }
                }
            }
        }
    }

    private func take(
        _ producing: Postgres, _ consuming: Postgres, _ configuration: PostgresConfiguration, _ url: URLComponents
    ) async throws -> [Figure] {
        // The shared exchange that provisioning makes; the queue beside it hears nothing.
        try await PeerBroker(url, exchange: Topology.events, key: "unused", queue: "unused").declare()
        let broker = Broker(BrokerConfiguration(url: url.string ?? "", service: "analytics"), logger: Servers.logger)
        let flow = Flow(producing: producing, consuming: consuming, configuration: configuration, broker: broker)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await broker.run() }
            defer { group.cancelAll() }
            for await isConnected in broker.connectivity() where isConnected { break }
            return [try await measure(flow)]
        }
    }

    private func measure(_ flow: Flow) async throws -> Figure {
        let count = 2_000 * plan.wholeSeconds
        var rounds: [Round] = []
        var parts: [(produce: Double, relay: Double, consume: Double)] = []
        // The queue is there from now on.
        try await flow.whileConsuming {}
        for round in 0...plan.rounds {
            let produce = try await flow.produce(count)
            let relay = try await flow.timed(count) { try await flow.whileRelaying { try await flow.waitUntilSent() } }
            var expected = try await flow.effects() + count
            let consume = try await flow.timed(count) { try await flow.whileConsuming { try await flow.wait(for: expected) } }
            expected += count
            let whole = try await flow.timed(count) {
                try await flow.whileConsuming {
                    try await flow.whileRelaying {
                        _ = try await flow.produce(count)
                        try await flow.wait(for: expected)
                    }
                }
            }
            guard round > 0 else { continue }
            rounds.append(Round(hearth: Sample(value: whole), peer: Sample(value: 1 / (1 / produce + 1 / relay + 1 / consume))))
            parts.append((produce, relay, consume))
        }
        return Figure(
            name: "outbox → broker → inbox → effect", peerName: "1/Σ(1/rate) of its parts alone", target: .ratio(0.7), rounds: rounds,
            note: String(
                format: "transactions with an event %.0f/s, relay to the broker %.0f/s, inbox and effect %.0f/s", parts.map(\.produce).median,
                parts.map(\.relay).median, parts.map(\.consume).median))
    }
}
