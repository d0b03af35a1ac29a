import Contracts
import Foundation
import Logging
import Postgres

/// The migrations of every service: those that all schemas have in common (`Shared/Messaging/Migrations`), then the service's own.
public struct Migrations: Sendable {
    let services: String
    let shared: String
    let logger: Logger

    /// - Parameters:
    ///   - services: the folder that holds a folder per service; by default `HEARTH_SERVICES_PATH`, else `Services`.
    ///   - shared: the folder that holds `Messaging/Migrations`; by default `Shared` beside `services`, or `HEARTH_SHARED_PATH` when neither is given.
    public init(services: String? = nil, shared: String? = nil, logger: Logger) {
        let environment = ProcessInfo.processInfo.environment
        self.services = services ?? environment["HEARTH_SERVICES_PATH"] ?? "Services"
        self.shared =
            shared ?? (services == nil ? environment["HEARTH_SHARED_PATH"] : nil)
            ?? URL(fileURLWithPath: self.services).deletingLastPathComponent().appendingPathComponent("Shared").path
        self.logger = logger
    }

    /// Applies what is missing in each schema. Returns the versions applied, by service, in order.
    public func migrate(
        _ names: [ServiceName] = ServiceName.allCases, databaseURL: String
    ) async throws -> [(service: ServiceName, versions: [String])] {
        try await each(names, databaseURL) { try await $0.migrate($1) }
    }

    /// Takes back the last `steps` migrations of each schema, all of them when nil.
    public func rollback(
        _ names: [ServiceName], steps: Int?, databaseURL: String
    ) async throws -> [(service: ServiceName, versions: [String])] {
        try await each(names, databaseURL) { try await $0.rollback($1, steps: steps) }
    }

    public func status(
        _ names: [ServiceName] = ServiceName.allCases, databaseURL: String
    ) async throws -> [(service: ServiceName, migrations: [MigrationStatus])] {
        try await each(names, databaseURL) { try await $0.status($1) }.map { (service: $0.service, migrations: $0.versions) }
    }

    /// The migrator of one schema.
    public func migrator(of service: ServiceName) throws -> Migrator {
        let directories = ["\(shared)/Messaging/Migrations", "\(services)/\(service.rawValue.capitalized)/Migrations"]
        for directory in directories where !FileManager.default.fileExists(atPath: directory) {
            throw ProvisioningError(
                """
                There is no folder \(directory). Run from the repository, or set HEARTH_SERVICES_PATH and HEARTH_SHARED_PATH to its \
                Services and Shared.
                """)
        }
        let roles = DatabaseRoles(service)
        return Migrator(schema: roles.schema, owner: roles.owner, directories: directories)
    }

    private func each<Result: Sendable>(
        _ names: [ServiceName], _ url: String, _ body: (Migrator, PostgresSession) async throws -> Result
    ) async throws -> [(service: ServiceName, versions: Result)] {
        var results: [(service: ServiceName, versions: Result)] = []
        for name in names {
            let migrator = try migrator(of: name)
            let configuration = PostgresConfiguration(
                url: url, statementTimeout: .seconds(3600), schema: name.rawValue, applicationName: "hearth-migrations")
            let result = try await PostgresSession.with(configuration, logger: logger) { try await body(migrator, $0) }
            results.append((name, result))
        }
        return results
    }
}
