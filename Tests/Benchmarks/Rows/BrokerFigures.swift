import BenchmarkPeers
import Foundation
import Messaging
import Synchronization

/// Publishing with confirms, and consuming, on one quorum queue, in turns with the same in C.
struct BrokerFigures {
    let servers: Servers
    let plan: Plan
    private static let size = 1024
    /// Hearth has so many tasks, each with a batch of so many on its way; C has the product as its window.
    private static let (tasks, batch) = (8, 64)
    private static let prefetch = 256

    func take() async throws -> [Figure] {
        try await servers.withVhost { url in
            let peer = PeerBroker(url, exchange: Topology.events, key: "analytics.bench", queue: "hearth.analytics.bench")
            try await peer.declare()
            let broker = Broker(BrokerConfiguration(url: url.string ?? "", service: "analytics"), logger: Servers.logger)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await broker.run() }
                defer { group.cancelAll() }
                for await isConnected in broker.connectivity() where isConnected { break }
                return try await measure(broker, peer)
            }
        }
    }

    private func measure(_ broker: Broker, _ peer: PeerBroker) async throws -> [Figure] {
        let count = 10_000 * plan.wholeSeconds
        var (published, consumed): ([Round], [Round]) = ([], [])
        for round in 0...plan.rounds {
            let peerPublished = try await measured(count) { try await peer.publish(count, size: Self.size, window: Self.tasks * Self.batch) }
            let hearthConsumed = try await measured(count) { try await consume(count, broker, peer.queue) }
            let hearthPublished = try await measured(count) { try await publish(count, broker, peer) }
            let peerConsumed = try await measured(count) { try await peer.consume(count, prefetch: Self.prefetch) }
            guard round > 0 else { continue }
            published.append(Round(hearth: hearthPublished, peer: peerPublished))
            consumed.append(Round(hearth: hearthConsumed, peer: peerConsumed))
        }
        return [
            Figure(
                name: "publish + confirm, 1 KiB persistent", peerName: "C on librabbitmq, window 512", target: .ratio(0.9), rounds: published,
                note: "quorum queue, both sides have 512 messages on their way"),
            Figure(
                name: "consume + acknowledge", peerName: "C on librabbitmq, prefetch 256", target: .ratio(0.9), rounds: consumed,
                note: "quorum queue, Hearth hands each message to one of 8 tasks, C acknowledges in its loop"),
        ]
    }

    private func measured(_ count: Int, _ rate: () async throws -> Double) async throws -> Sample {
        try await .measured { (try await rate(), count, nil) }
    }

    private func publish(_ count: Int, _ broker: Broker, _ peer: PeerBroker) async throws -> Double {
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: Self.size)
        let batches = count / Self.batch
        let rate = try await Load.rate(of: batches, tasks: Self.tasks) { _ in
            let messages = (0..<Self.batch).map { _ in
                OutgoingMessage(exchange: peer.exchange, routingKey: peer.key, body: body, messageID: "")
            }
            guard try await broker.publish(messages).count == Self.batch else { throw BenchmarkError("a message was not confirmed") }
        }
        // So that the next consumer finds as many as it waits for.
        let rest = (0..<(count - batches * Self.batch)).map { _ in
            OutgoingMessage(exchange: peer.exchange, routingKey: peer.key, body: body, messageID: "")
        }
        _ = try await broker.publish(rest)
        return rate * Double(Self.batch)
    }

    private func consume(_ count: Int, _ broker: Broker, _ queue: String) async throws -> Double {
        let streams = (0..<Self.tasks).map { _ in AsyncStream.makeStream(of: (@Sendable () -> Void).self) }
        let arrived = Atomic(0)
        let start = ContinuousClock.now
        let stop = broker.receive(from: queue, prefetch: UInt16(Self.prefetch)) { _, acknowledge in
            let number = arrived.wrappingAdd(1, ordering: .relaxed).newValue
            streams[number % streams.count].continuation.yield(acknowledge)
            if number == count { for stream in streams { stream.continuation.finish() } }
        }
        await withTaskGroup(of: Void.self) { group in
            for (stream, _) in streams {
                group.addTask { for await acknowledge in stream { acknowledge() } }
            }
        }
        let rate = Double(count) / start.duration(to: .now).seconds
        stop()
        return rate
    }
}
