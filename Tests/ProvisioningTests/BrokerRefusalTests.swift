import Contracts
import TestKit
import Testing

@testable import Messaging
@testable import Provisioning

/// What RabbitMQ itself refuses, for every service of the list, in a vhost as provisioning makes it.
@Suite struct BrokerRefusalTests {
    private static let accessRefused = 403

    /// Every service's queues are there, so that what is refused is refused for want of a right.
    private func withQueues(_ body: (TestBroker) async throws -> Void) async throws {
        try await TestBroker.with { vhost in
            for service in ServiceName.allCases {
                try await vhost.connected(service, logger: TestDatabase.logger) { broker in
                    let queues = ServiceQueues(service: service.rawValue, retry: RetryPolicy(delays: [.seconds(1)]))
                    try await broker.consuming.perform { (connection) throws(BrokerError) in
                        try connection.openChannel(50)
                        try queues.declare(Hearing(service).byOneCopy.sorted(), connection, 50)
                        try connection.declareQueue(Topology.requests(of: service.rawValue), channel: 50)
                    }
                }
            }
            try await body(vhost)
        }
    }

    @Test func aServiceMayDoWhatIsItsOwn() async throws {
        try await withQueues { vhost in
            for service in ServiceName.allCases {
                try await vhost.connected(service, logger: TestDatabase.logger) { broker in
                    for (number, attempt) in Self.owned(by: service).enumerated() {
                        let refusal = try await broker.refusal(of: attempt, channel: UInt16(100 + number))
                        #expect(refusal == nil, "\(service) may: \(attempt.what)")
                    }
                }
            }
        }
    }

    @Test func aServiceIsRefusedWhatIsAnothers() async throws {
        try await withQueues { vhost in
            for service in ServiceName.allCases {
                try await vhost.connected(service, logger: TestDatabase.logger) { broker in
                    let attempts = Self.foreign(to: service) + ServiceName.allCases.filter { $0 != service }.flatMap { Self.intrusions(into: $0) }
                    for (number, attempt) in attempts.enumerated() {
                        let refusal = try await broker.refusal(of: attempt, channel: UInt16(100 + number))
                        #expect(refusal == Self.accessRefused, "\(service) may not: \(attempt.what)")
                    }
                }
            }
        }
    }

    private static let messages = Contract.events.map { $0.name } + Contract.commands.map { $0.name }

    private static func owned(by service: ServiceName) -> [BrokerAttempt] {
        let name = service.rawValue
        let queue = Topology.queue(of: name)
        let hearing = Hearing(service)
        var attempts: [BrokerAttempt] = []
        for event in Contract.events where event.name.hasPrefix(name + ".") { attempts.append(.publish(to: Topology.events, event.name)) }
        for command in Contract.commands where command.senders.contains(name) { attempts.append(.publish(to: Topology.events, command.name)) }
        for request in Contract.requests where request.senders.contains(name) { attempts.append(.publish(to: Topology.requests, request.name)) }
        for key in hearing.byOneCopy.union(hearing.byEveryCopy).sorted() { attempts.append(.bind(queue, to: Topology.events, key)) }
        attempts.append(.consume(queue))
        attempts.append(.get(Topology.deadLetters(of: name)))
        attempts.append(.publish(to: Topology.delivery(of: name), Topology.workKey))
        return attempts
    }

    /// Under the names of all, of the broker, and of nobody.
    private static func foreign(to service: ServiceName) -> [BrokerAttempt] {
        let name = service.rawValue
        let queue = Topology.queue(of: name)
        var attempts = publications(foreignTo: service) + bindings(foreignTo: service)
        for exchange in Topology.sharedExchanges { attempts += [.declareExchange(exchange), .deleteExchange(exchange)] }
        for exchange in ["", "amq.topic", "amq.direct", "amq.fanout"] { attempts.append(.publish(to: exchange, queue)) }
        attempts.append(.declareQueue("mine"))
        attempts.append(.declareQueue(queue + "x"))
        attempts.append(.declareExchange("hearth.\(name)x.delivery"))
        return attempts
    }

    private static func publications(foreignTo service: ServiceName) -> [BrokerAttempt] {
        let name = service.rawValue
        var attempts: [BrokerAttempt] = []
        for event in Contract.events where !event.name.hasPrefix(name + ".") { attempts.append(.publish(to: Topology.events, event.name)) }
        for command in Contract.commands where !command.name.hasPrefix(name + ".") && !command.senders.contains(name) {
            attempts.append(.publish(to: Topology.events, command.name))
        }
        for request in Contract.requests where !request.senders.contains(name) { attempts.append(.publish(to: Topology.requests, request.name)) }
        attempts.append(.publish(to: Topology.replies, "nobody.1"))
        attempts.append(.publish(to: Topology.requests, "nobody.asks.v1"))
        return attempts
    }

    private static func bindings(foreignTo service: ServiceName) -> [BrokerAttempt] {
        let name = service.rawValue
        let queue = Topology.queue(of: name)
        let hearing = Hearing(service)
        var attempts: [BrokerAttempt] = [.bind(queue, to: "amq.topic", "#")]
        for request in Contract.requests where !request.name.hasPrefix(name + ".") {
            attempts.append(.bind(queue, to: Topology.requests, request.name))
        }
        for other in ServiceName.allCases where other != service { attempts.append(.bind(queue, to: Topology.replies, other.rawValue + ".#")) }
        guard !hearing.byOneCopy.contains(Hearing.everything) else { return attempts }
        let heard = hearing.byOneCopy.union(hearing.byEveryCopy)
        for message in messages where !message.hasPrefix(name + ".") && !heard.contains(message) {
            attempts.append(.bind(queue, to: Topology.events, message))
        }
        for pattern in ["#", "*.*.*.*", "\(name)x.#"] { attempts.append(.bind(queue, to: Topology.events, pattern)) }
        return attempts
    }

    private static func intrusions(into other: ServiceName) -> [BrokerAttempt] {
        let name = other.rawValue
        let queue = Topology.queue(of: name)
        var attempts: [BrokerAttempt] = [.consume(queue), .get(queue), .purge(queue), .deleteQueue(queue), .declareQueue(queue + ".more")]
        attempts.append(.get(Topology.deadLetters(of: name)))
        attempts.append(.consume(Topology.requests(of: name)))
        attempts.append(.deleteExchange(Topology.delivery(of: name)))
        attempts.append(.declareExchange(queue + ".more"))
        attempts.append(.publish(to: Topology.delivery(of: name), Topology.workKey))
        attempts.append(.publish(to: "", queue))
        attempts.append(.bind(queue, to: Topology.events, "\(name).x.v1"))
        return attempts
    }
}
