import Contracts
import Foundation
import Logging
import Provisioning

/// A database with the roles, the schema and the migrations of one service, as `hearthctl` would make it.
public struct TestSchema: Sendable {
    private let provisioner: DatabaseProvisioner
    private let logger: Logger

    public init(logger: Logger) throws {
        provisioner = try DatabaseProvisioner(adminURL: TestServers.adminDatabaseURL, logger: logger)
        self.logger = logger
    }

    /// Runs `body` with the service's own URL and the administrator's; the database is dropped afterwards.
    public func with<Result: Sendable>(
        _ service: ServiceName, _ body: (_ url: String, _ adminURL: String) async throws -> Result
    ) async throws -> Result {
        let (provisioner, logger) = (provisioner, logger)
        let template = try await TestTemplates.shared.name(of: service) { name in
            try await provisioner.provision(database: name, services: [service])
            _ = try await Self.migrations(logger).migrate([service], databaseURL: provisioner.url(of: name))
        }
        let name = "hearth_test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        let outcome: Swift.Result<Result, any Error>
        do {
            try await provisioner.createDatabase(name, template: template)
            // Who may connect is no part of a copy.
            try await provisioner.provision(database: name, services: [service])
            outcome = .success(try await body(provisioner.url(of: service, in: name), provisioner.url(of: name)))
        } catch {
            outcome = .failure(error)
        }
        // In a task of its own, so that a cancelled test leaves nothing behind either.
        try await Task { try await provisioner.dropDatabase(name) }.value
        return try outcome.get()
    }

    /// Found from where this file stands, so that tests run from any folder.
    private static func migrations(_ logger: Logger) -> Migrations {
        let shared = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let root = shared.deletingLastPathComponent()
        return Migrations(services: root.appendingPathComponent("Services").path, shared: shared.path, logger: logger)
    }
}
