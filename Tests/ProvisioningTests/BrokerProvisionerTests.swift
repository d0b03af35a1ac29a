import Contracts
import Foundation
import TestKit
import Testing

@testable import Messaging
@testable import Provisioning

@Suite struct BrokerProvisionerTests {
    @Test func provisioningAgainChangesNothing() async throws {
        try await TestBroker.with { broker in
            let provisioner = try BrokerProvisioner(managementURL: TestServers.brokerManagementURL, logger: TestDatabase.logger)
            try await provisioner.provision(vhost: broker.vhost, passwords: [:])
            let exchanges = String(decoding: try await broker.management.send("GET", ["exchanges", broker.vhost]), as: UTF8.self)
            for name in Topology.sharedExchanges { #expect(exchanges.contains("\"\(name)\"")) }
        }
    }

    @Test func provisioningTakesAwayWhatNoServiceHearsAnyMore() async throws {
        try await TestBroker.with { broker in
            let queue = Topology.queue(of: "catalog")
            let (kept, stale) = (try #require(Hearing(.catalog).byOneCopy.sorted().first), "catalog.given_up.v1")
            // What an earlier release of the service declared.
            try await broker.connected(.catalog) { catalog in
                try await catalog.consuming.perform { (connection) throws(BrokerError) in
                    try connection.openChannel(50)
                    try connection.declareQueue(queue, arguments: [("x-queue-type", .text("quorum"))], channel: 50)
                    for key in [kept, stale] { try connection.bind(queue, to: Topology.events, key: key, channel: 50) }
                }
            }
            #expect(try await keys(of: queue, on: broker) == [kept, stale])
            let provisioner = try BrokerProvisioner(managementURL: TestServers.brokerManagementURL, logger: TestDatabase.logger)
            try await provisioner.provision(vhost: broker.vhost, services: [.auth], passwords: [:])
            #expect(try await keys(of: queue, on: broker) == [kept, stale], "what it is not asked about stays as it is")
            try await provisioner.provision(vhost: broker.vhost, passwords: [:])
            #expect(try await keys(of: queue, on: broker) == [kept])
        }
    }

    private func keys(of queue: String, on broker: TestBroker) async throws -> Set<String> {
        let answer = try await broker.management.send("GET", ["exchanges", broker.vhost, Topology.events, "bindings", "source"])
        return Set(try JSONDecoder().decode([BrokerBinding].self, from: answer).filter { $0.destination == queue }.map(\.routingKey))
    }

    @Test func aBrokerThatIsNotThereIsNamed() async throws {
        let api = try ManagementAPI(url: "http://user:secret@127.0.0.1:1")
        let error = await #expect(throws: ProvisioningError.self) { try await api.send("GET", ["overview"]) }
        #expect(error?.description.contains("127.0.0.1:1") == true)
        #expect(error?.description.contains("secret") == false)
    }
}
