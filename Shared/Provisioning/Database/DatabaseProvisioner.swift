import Contracts
import Foundation
import Logging
import Postgres

/// Creates databases, and in them the roles, schemas and grants of the services. Safe to run from many processes at once.
public struct DatabaseProvisioner: Sendable {
    let server: URLComponents
    let logger: Logger

    /// - Parameter adminURL: an administrator on the server's maintenance database.
    /// - Throws: `ProvisioningError` when it is not a URL.
    public init(adminURL: String, logger: Logger) throws {
        guard let server = URLComponents(string: adminURL), server.scheme?.hasPrefix("postgres") == true else {
            throw ProvisioningError("The administrator's database URL must look like postgres://user:password@host:port/postgres.")
        }
        self.server = server
        self.logger = logger
    }

    /// The administrator's URL of a database on this server.
    public func url(of database: String) -> String {
        var url = server
        url.path = "/" + database
        return url.string ?? ""
    }

    /// The URL with which a service signs in to a database on this server.
    public func url(of service: ServiceName, in database: String, password: String? = nil) -> String {
        var url = server
        url.user = DatabaseRoles(service).application
        url.password = password
        url.path = "/" + database
        return url.string ?? ""
    }

    /// Brings a database into shape: itself, the roles, extensions in the schema `extensions`, a schema per service, and who may do what.
    public func provision(
        database: String, services: [ServiceName] = ServiceName.allCases, passwords: [ServiceName: String] = [:]
    ) async throws {
        try await createDatabase(database)
        try await onServer { try await $0.script(DatabaseScripts.roles(of: services, passwords: passwords)) }
        try await on(database) { try await $0.script(DatabaseScripts.schemas(of: services, database: database)) }
    }

    /// Creates a database unless it is there. From a template it gets everything the template has, except the template's own connection rights.
    public func createDatabase(_ name: String, template: String? = nil) async throws {
        let copy = template.map { " TEMPLATE \(DatabaseScripts.identifier($0))" } ?? ""
        try await onServer { session in
            let there: Bool? = try await session.value("SELECT EXISTS (SELECT FROM pg_database WHERE datname = \(name)::text)")
            guard there != true else { return }
            do {
                try await session.script("CREATE DATABASE \(DatabaseScripts.identifier(name))\(copy)")
            } catch let error as PostgresError where Self.sayItExists.contains(error.sqlState?.rawValue ?? "") {
                logger.debug("database was created by another process meanwhile", metadata: ["database": "\(name)"])
            }
        }
    }

    /// Drops a database and ends the sessions that still use it. The roles stay: they belong to the server.
    public func dropDatabase(_ name: String) async throws {
        try await onServer { try await $0.script("DROP DATABASE IF EXISTS \(DatabaseScripts.identifier(name)) WITH (FORCE)") }
    }

    /// duplicate_database, and the unique index behind it when two create the same one at the same moment.
    private static let sayItExists: Set<String> = ["42P04", SQLState.uniqueViolation.rawValue]

    private func onServer(_ body: (PostgresSession) async throws -> Void) async throws {
        try await connect(to: server.string ?? "", body)
    }

    private func on(_ database: String, _ body: (PostgresSession) async throws -> Void) async throws {
        try await connect(to: url(of: database), body)
    }

    private func connect(to url: String, _ body: (PostgresSession) async throws -> Void) async throws {
        let configuration = PostgresConfiguration(url: url, applicationName: "hearth-provisioning")
        do {
            try await PostgresSession.with(configuration, logger: logger, body)
        } catch let error as PostgresError where error.sqlState == .insufficientPrivilege {
            throw ProvisioningError(
                """
                PostgreSQL refused: \(error.message). Provisioning needs a role that may create databases, roles and the extensions \
                \(DatabaseScripts.extensions.joined(separator: ", ")); a superuser can.
                """)
        }
    }
}
