import Foundation
import Logging

/// The messages that a service has parked: to be listed, replayed once the reason is mended, or dropped.
///
/// Each call makes a connection of its own, takes messages without acknowledging them and gives back whatever it did not replay
/// or drop, in its old order. Meanwhile nobody else sees them.
public struct DeadLetters: Sendable {
    private let configuration: BrokerConfiguration
    private let service: String

    /// - Parameters:
    ///   - url: `amqp://…`, a user that may use the service's queues: the service's own or an administrator.
    ///   - service: whose dead letters.
    public init(url: String, service: String) {
        configuration = BrokerConfiguration(url: url, service: service)
        self.service = service
    }

    /// The oldest ones.
    public func list(_ limit: Int = 100) async throws -> [DeadLetter] {
        var letters: [DeadLetter] = []
        try await visit(limit) { letter in
            letters.append(letter)
            return .keep
        }
        return letters
    }

    /// One by the message's id; nil when it is not there.
    public func show(_ id: String) async throws -> DeadLetter? {
        var found: DeadLetter?
        try await visit { letter in
            if letter.id == id { found = letter }
            return found == nil ? .keep : .stop
        }
        return found
    }

    /// Puts messages back into the service's queue, counted as never tried. All of them without an id. Returns how many.
    @discardableResult
    public func replay(_ id: String? = nil) async throws -> Int {
        try await visit { id == nil || $0.id == id ? .replay : .keep }
    }

    /// Deletes messages for good. All of them without an id. Returns how many.
    @discardableResult
    public func drop(_ id: String? = nil) async throws -> Int {
        try await visit { id == nil || $0.id == id ? .drop : .keep }
    }

    private enum Decision { case keep, replay, drop, stop }

    /// Only what was there at the beginning is visited: a message that fails again at once would go round for ever.
    @discardableResult
    private func visit(_ limit: Int = .max, _ decide: (DeadLetter) -> Decision) async throws -> Int {
        let link = BrokerLink(configuration, purpose: "dead-letters", logger: Logger(label: "hearth.dead-letters")) { _ in }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await link.run() }
            defer { link.stop() }
            try await connect(link)
            let queue = Topology.deadLetters(of: service)
            let count = try await link.perform { (connection) throws(BrokerError) in
                try connection.openChannel(Self.channel)
                return try connection.messageCount(queue, channel: Self.channel)
            }
            var decided = 0
            var lastKept: UInt64?
            visiting: for _ in 0..<min(limit, count) {
                let message = try await link.perform { (connection) throws(BrokerError) in try connection.get(queue, channel: Self.channel) }
                guard let message else { break }
                let decision = decide(DeadLetter(message))
                switch decision {
                case .keep, .stop:
                    lastKept = message.deliveryTag
                    if decision == .stop { break visiting }
                    continue
                case .replay: try await replay(message, link)
                case .drop: break
                }
                try await link.perform { (connection) throws(BrokerError) in
                    try connection.acknowledge(message.deliveryTag, multiple: false, channel: Self.channel)
                }
                decided += 1
            }
            // Given back and acknowledged have no answer; closing the channel does, and comes after them: the next look finds all in its place.
            try await link.perform { [lastKept] (connection) throws(BrokerError) in
                if let lastKept { try connection.requeue(lastKept, multiple: true, channel: Self.channel) }
                try connection.closeChannel(Self.channel)
            }
            return decided
        }
    }

    private static let channel: UInt16 = 100

    private func connect(_ link: BrokerLink) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while !link.isConnected {
            if ContinuousClock.now > deadline { throw BrokerError.disconnected("no connection within 10 s") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func replay(_ message: AMQPMessage, _ link: BrokerLink) async throws {
        var headers: [String: String] = [:]
        headers[MessageHeader.subject] = message.headers[MessageHeader.subject]
        let copy = OutgoingMessage(
            exchange: Topology.delivery(of: service), routingKey: Topology.workKey, body: message.body, messageID: message.messageID,
            headers: headers, mandatory: true)
        guard await link.publish([copy]) == [.taken] else { throw BrokerError.unconfirmed }
    }
}
