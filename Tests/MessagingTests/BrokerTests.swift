import Contracts
import Foundation
import Messaging
import TestKit
import Testing

@Suite struct BrokerTests {
    private func message(_ key: String = "catalog.test.counted.v1", exchange: String = Topology.events, mandatory: Bool = false) -> OutgoingMessage {
        OutgoingMessage(exchange: exchange, routingKey: key, body: Array("{}".utf8), messageID: UUID().uuidString, mandatory: mandatory)
    }

    @Test func publishingReturnsOnceConfirmed() async throws {
        try await TestBroker.with { vhost in
            try await vhost.connected(.catalog, logger: quiet) { broker in try await broker.publish(message()) }
        }
    }

    @Test func moreMessagesThanTheWindowAreAllConfirmedInOrder() async throws {
        try await TestBroker.with { vhost in
            try await vhost.connected(.catalog, logger: quiet) { broker in
                let confirmed = try await broker.publish((0..<5000).map { _ in message() })
                #expect(confirmed == Array(0..<5000))
            }
        }
    }

    @Test func concurrentPublishersAreAllConfirmed() async throws {
        try await TestBroker.with { vhost in
            try await vhost.connected(.catalog, logger: quiet) { broker in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<200 { group.addTask { try await broker.publish(message()) } }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func aMandatoryMessageThatNoQueueWantsIsUnroutable() async throws {
        try await TestBroker.with { vhost in
            try await vhost.connected(.catalog, logger: quiet) { broker in
                await #expect(throws: BrokerError.unroutable(routingKey: "catalog.nobody.v1")) {
                    try await broker.publish(message("catalog.nobody.v1", mandatory: true))
                }
                try await broker.publish(message())
            }
        }
    }

    @Test func aServiceCannotPublishAnothersEvents() async throws {
        try await TestBroker.with { vhost in
            try await vhost.connected(.catalog, logger: quiet) { broker in
                await #expect(throws: BrokerError.self) { try await broker.publish(message("auth.user.deleted.v1")) }
                // The broker closes the connection for it; the next one works.
                try await eventually { broker.isConnected }
                try await broker.publish(message())
            }
        }
    }

    @Test func itReconnectsWhenItsConnectionsAreClosed() async throws {
        try await TestBroker.with { vhost in
            try await vhost.connected(.catalog, logger: quiet) { broker in
                var changes = broker.connectivity().makeAsyncIterator()
                #expect(await changes.next() == true)
                // The management API learns of a connection a few seconds late.
                try await eventually { try await vhost.closeConnections() >= 1 }
                #expect(await changes.next() == false)
                #expect(await changes.next() == true)
                try await broker.publish(message())
            }
        }
    }

    @Test func publishingWithoutAConnectionFailsAtOnce() async throws {
        let broker = Broker(BrokerConfiguration(url: "amqp://nobody:x@127.0.0.1:1/none", service: "catalog"), logger: quiet)
        await #expect(throws: BrokerError.self) { try await broker.publish(message()) }
        #expect(try await broker.publish([message(), message()]) == [])
    }

    @Test func aURLThatMakesNoSenseEndsTheRun() async {
        let broker = Broker(BrokerConfiguration(url: "http://nowhere", service: "catalog"), logger: quiet)
        await #expect(throws: BrokerError.invalidURL) { try await broker.run() }
    }
}
