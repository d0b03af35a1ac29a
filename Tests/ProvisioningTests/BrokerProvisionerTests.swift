import Contracts
import Messaging
import TestKit
import Testing

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

    @Test func aServiceCannotPublishTheEventOfAnother() async throws {
        try await TestBroker.with { broker in
            try await broker.connected(.catalog) { catalog in
                func message(_ key: String) -> OutgoingMessage {
                    OutgoingMessage(exchange: Topology.events, routingKey: key, body: [], messageID: "1")
                }
                try await catalog.publish(message("catalog.listing.created.v1"))
                await #expect(throws: BrokerError.self) { try await catalog.publish(message("auth.user.deleted.v1")) }
            }
        }
    }

    @Test func aBrokerThatIsNotThereIsNamed() async throws {
        let api = try ManagementAPI(url: "http://user:secret@127.0.0.1:1")
        let error = await #expect(throws: ProvisioningError.self) { try await api.send("GET", ["overview"]) }
        #expect(error?.description.contains("127.0.0.1:1") == true)
        #expect(error?.description.contains("secret") == false)
    }
}
