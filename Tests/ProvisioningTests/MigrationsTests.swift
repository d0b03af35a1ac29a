import Contracts
import Foundation
import Postgres
import TestKit
import Testing

@testable import Provisioning

@Suite struct MigrationsTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test(arguments: ServiceName.allCases) func everySchemaGoesUpAndDownAndUpAgain(_ service: ServiceName) async throws {
        let provisioner = try DatabaseProvisioner(adminURL: TestServers.adminDatabaseURL, logger: TestDatabase.logger)
        let migrations = Migrations(services: Self.root.appendingPathComponent("Services").path, shared: nil, logger: TestDatabase.logger)
        let name = "hearth_test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        do {
            try await provisioner.provision(database: name, services: [service])
            let url = provisioner.url(of: name)
            let up = try await migrations.migrate([service], databaseURL: url)[0].versions
            #expect(up.first == "0000")
            let before = try await objects(of: service, url)
            let down = try await migrations.rollback([service], steps: nil, databaseURL: url)[0].versions
            #expect(down == up.reversed())
            #expect(try await objects(of: service, url).filter { !$0.contains("schema_migrations") } == [])
            #expect(try await migrations.migrate([service], databaseURL: url)[0].versions == up)
            #expect(try await objects(of: service, url) == before)
            let states = try await migrations.status([service], databaseURL: url)[0].migrations.map(\.state)
            #expect(states.allSatisfy { $0 == .applied })
        } catch {
            try await provisioner.dropDatabase(name)
            throw error
        }
        try await provisioner.dropDatabase(name)
    }

    /// Tables, indexes, functions and policies of the schema, by name.
    private func objects(of service: ServiceName, _ url: String) async throws -> [String] {
        try await PostgresSession.with(PostgresConfiguration(url: url), logger: TestDatabase.logger) { session in
            let text: String? = try await session.value(
                """
                SELECT string_agg(name, E'\\n' ORDER BY name) FROM (
                    SELECT relkind::text || ' ' || relname AS name FROM pg_class WHERE relnamespace = \(service.rawValue)::text::regnamespace
                    UNION ALL SELECT 'f ' || proname FROM pg_proc WHERE pronamespace = \(service.rawValue)::text::regnamespace
                    UNION ALL SELECT 'y ' || tablename || '.' || policyname FROM pg_policies WHERE schemaname = \(service.rawValue)::text
                ) AS objects
                """)
            return text?.split(separator: "\n").map(String.init) ?? []
        }
    }

    @Test func aMissingFolderIsNamed() throws {
        let error = #expect(throws: ProvisioningError.self) {
            try Migrations(services: "/nowhere/Services", shared: nil, logger: TestDatabase.logger).migrator(of: .auth)
        }
        #expect(error?.description.contains("/nowhere/Shared/Messaging/Migrations") == true)
    }
}
