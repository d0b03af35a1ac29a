import Contracts
import Foundation
import Logging
import Messaging
import Provisioning

/// A vhost of its own on the private RabbitMQ, with the three shared exchanges and every service's user, permissions as in production.
public struct TestBroker: Sendable {
    /// The vhost's name.
    public let vhost: String
    /// The management API, for a test that closes connections or looks into queues.
    public let management: ManagementAPI
    private let serverURL: String

    /// Makes the vhost, runs `body`, deletes it with everything in it.
    ///
    /// - Parameter server: a node of the test's own instead of the shared one.
    public static func with<Result: Sendable>(
        server: TestBrokerServer? = nil, _ body: (TestBroker) async throws -> Result
    ) async throws -> Result {
        let managementURL = server?.managementURL ?? TestServers.brokerManagementURL
        let provisioner = try BrokerProvisioner(managementURL: managementURL, logger: Logger(label: "test"))
        let broker = TestBroker(
            vhost: "test_" + UUID().uuidString.lowercased().prefix(12), management: provisioner.management,
            serverURL: server?.url ?? TestServers.adminBrokerURL)
        try await provisioner.provision(
            vhost: broker.vhost, passwords: Dictionary(uniqueKeysWithValues: ServiceName.allCases.map { ($0, password) }))
        do {
            let result = try await body(broker)
            try? await provisioner.deleteVhost(broker.vhost)
            return result
        } catch {
            try? await provisioner.deleteVhost(broker.vhost)
            throw error
        }
    }

    // Users belong to the whole broker, and tests run side by side: one password for all.
    private static let password = "hearth_test"

    /// `AMQP_URL` of a service in this vhost.
    public func url(_ service: ServiceName) -> String {
        var parts = URLComponents(string: serverURL) ?? URLComponents()
        parts.user = BrokerPermissions.user(service)
        parts.password = Self.password
        parts.path = "/" + vhost
        return parts.string ?? ""
    }

    public func configuration(_ service: ServiceName) -> BrokerConfiguration {
        BrokerConfiguration(url: url(service), service: service.rawValue)
    }

    /// Runs a broker of the service beside `body`, connected when it begins, and cancels it after.
    public func connected<Result: Sendable>(
        _ service: ServiceName, logger: Logger = Logger(label: "test"), _ body: (Broker) async throws -> Result
    ) async throws -> Result {
        let broker = Broker(configuration(service), logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await broker.run() }
            for await isConnected in broker.connectivity() where isConnected { break }
            let result = try await body(broker)
            group.cancelAll()
            return result
        }
    }

    /// How many connections of this vhost the broker was told to close.
    @discardableResult
    public func closeConnections() async throws -> Int {
        struct Connection: Decodable {
            var name: String
            var vhost: String?
        }
        let connections = try JSONDecoder().decode([Connection].self, from: await management.send("GET", ["connections"]))
        var closed = 0
        for connection in connections where connection.vhost == vhost {
            try await management.send("DELETE", ["connections", connection.name])
            closed += 1
        }
        return closed
    }
}
