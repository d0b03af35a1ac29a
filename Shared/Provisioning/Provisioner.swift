import Contracts
import Logging

/// Makes what the services find when they start: the database with its roles and schemas, and the broker's users, permissions and exchanges.
/// Everything is idempotent: what is there already is brought into shape, and nothing is dropped.
public struct Provisioner: Sendable {
    public var database: DatabaseProvisioner
    public var broker: BrokerProvisioner

    /// - Parameters:
    ///   - databaseURL: an administrator of the server, on its maintenance database: `postgres://postgres@127.0.0.1:5432/postgres`.
    ///   - managementURL: an administrator of RabbitMQ's management API: `http://user:password@127.0.0.1:15672`.
    /// - Throws: `ProvisioningError` when one of the two is not a URL.
    public init(databaseURL: String, managementURL: String, logger: Logger) throws {
        database = try DatabaseProvisioner(adminURL: databaseURL, logger: logger)
        broker = try BrokerProvisioner(managementURL: managementURL, logger: logger)
    }

    /// Provisions both. A service without a password keeps the one it has (and cannot sign in when it never had one and the server asks for one).
    public func provision(
        database name: String, vhost: String, services: [ServiceName] = ServiceName.allCases,
        databasePasswords: [ServiceName: String] = [:], brokerPasswords: [ServiceName: String]
    ) async throws {
        try await database.provision(database: name, services: services, passwords: databasePasswords)
        try await broker.provision(vhost: vhost, services: services, passwords: brokerPasswords)
    }
}
