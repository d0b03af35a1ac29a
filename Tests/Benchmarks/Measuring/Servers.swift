import Contracts
import Foundation
import Logging
import Postgres
import Provisioning

/// The servers that the figures are taken on, found by the variables that `make env` prints.
struct Servers {
    let adminDatabaseURL: String
    let redisURL: String
    let adminBrokerURL: String
    let brokerManagementURL: String
    static let logger = Logger(label: "bench", factory: { _ in SwiftLogNoOpLogHandler() })

    init() throws {
        adminDatabaseURL = try Self.variable("HEARTH_ADMIN_DATABASE_URL")
        redisURL = try Self.variable("HEARTH_REDIS_URL")
        adminBrokerURL = try Self.variable("HEARTH_ADMIN_AMQP_URL")
        brokerManagementURL = try Self.variable("HEARTH_AMQP_MANAGEMENT_URL")
    }

    static func variable(_ name: String) throws -> String {
        guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
            throw BenchmarkError("\(name) is not set: run `make bench`, which starts what is measured")
        }
        return value
    }

    /// A database with the schema of analytics, in whose name everything is measured; dropped afterwards.
    func withDatabase<Result: Sendable>(_ body: (_ url: String, _ adminURL: String) async throws -> Result) async throws -> Result {
        let name = "hearth_bench_\(UUID().uuidString.lowercased().prefix(8))"
        let provisioner = try DatabaseProvisioner(adminURL: adminDatabaseURL, logger: Self.logger)
        let outcome: Swift.Result<Result, any Error>
        do {
            try await provisioner.provision(database: name, services: [.analytics])
            _ = try await Migrations(logger: Self.logger).migrate([.analytics], databaseURL: provisioner.url(of: name))
            outcome = .success(try await body(provisioner.url(of: .analytics, in: name), provisioner.url(of: name)))
        } catch {
            outcome = .failure(error)
        }
        try await provisioner.dropDatabase(name)
        return try outcome.get()
    }

    /// A vhost with the administrator as its user; deleted afterwards.
    func withVhost<Result: Sendable>(_ body: (_ url: URLComponents) async throws -> Result) async throws -> Result {
        let name = "bench_\(UUID().uuidString.lowercased().prefix(8))"
        let management = try ManagementAPI(url: brokerManagementURL)
        guard var url = URLComponents(string: adminBrokerURL), let user = url.user else {
            throw BenchmarkError("HEARTH_ADMIN_AMQP_URL names no user")
        }
        url.path = "/" + name
        try await management.send("PUT", ["vhosts", name])
        let outcome: Swift.Result<Result, any Error>
        do {
            try await management.send("PUT", ["permissions", name, user], body: ["configure": ".*", "write": ".*", "read": ".*"])
            outcome = .success(try await body(url))
        } catch {
            outcome = .failure(error)
        }
        try await management.send("DELETE", ["vhosts", name])
        return try outcome.get()
    }

    /// Runs a pool for as long as `body` takes.
    static func withPool<Result: Sendable>(
        _ url: String, _ body: @Sendable (Postgres, PostgresConfiguration) async throws -> Result
    ) async throws -> Result {
        let configuration = PostgresConfiguration(url: url, maximumConnections: 8, applicationName: "hearth-bench")
        let postgres = Postgres(configuration, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await postgres.run() }
            defer { group.cancelAll() }
            return try await body(postgres, configuration)
        }
    }
}
