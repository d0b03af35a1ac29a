import Contracts
import Foundation
import Logging
import Postgres
import Provisioning
import ServiceKit

/// The settings of the tool, read when a command needs them.
struct Operator {
    let settings: Settings
    let logger: Logger

    init() throws {
        settings = try Settings.environment()
        var logger = Logger(label: "hearthctl") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        self.logger = logger
    }

    var database: String { settings.string("HEARTH_DATABASE", default: "hearth") }
    var vhost: String { settings.string("HEARTH_VHOST", default: "hearth") }

    func databases() throws -> DatabaseProvisioner {
        try DatabaseProvisioner(adminURL: settings.secret("HEARTH_ADMIN_DATABASE_URL"), logger: logger)
    }

    /// The administrator's URL of Hearth's own database.
    func databaseURL() throws -> String { try databases().url(of: database) }

    func provisioner() throws -> Provisioner {
        try Provisioner(
            databaseURL: settings.secret("HEARTH_ADMIN_DATABASE_URL"), managementURL: settings.secret("HEARTH_AMQP_MANAGEMENT_URL"), logger: logger)
    }

    var migrations: Migrations { Migrations(logger: logger) }

    /// The URL of Hearth's vhost for an administrator.
    func brokerURL() throws -> String {
        guard var url = URLComponents(string: try settings.secret("HEARTH_ADMIN_AMQP_URL")) else {
            throw CleanError("HEARTH_ADMIN_AMQP_URL must look like amqp://user:password@host:port")
        }
        url.percentEncodedPath = "/" + (vhost.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? vhost)
        return url.string ?? ""
    }

    /// Runs `body` with a pool of one connection in a service's schema.
    func connected<Result: Sendable>(
        to service: ServiceName, _ body: @escaping @Sendable (Postgres) async throws -> Result
    ) async throws -> Result {
        let configuration = PostgresConfiguration(
            url: try databaseURL(), maximumConnections: 1, schema: service.rawValue, applicationName: "hearthctl")
        let postgres = Postgres(configuration, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await postgres.run() }
            defer { group.cancelAll() }
            return try await body(postgres)
        }
    }

    /// A service's password, from `HEARTH_SECRETS_PATH/<service>_<kind>_password`.
    func passwords(_ kind: String) throws -> [ServiceName: String] {
        let folder = try settings.string("HEARTH_SECRETS_PATH")
        var passwords: [ServiceName: String] = [:]
        for service in ServiceName.allCases {
            let path = "\(folder)/\(service.rawValue)_\(kind)_password"
            guard let text = try? String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .newlines), !text.isEmpty else {
                throw CleanError("There is no password in \(path). deploy/secrets.sh makes it.")
            }
            passwords[service] = text
        }
        return passwords
    }
}
