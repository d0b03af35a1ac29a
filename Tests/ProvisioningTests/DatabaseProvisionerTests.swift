import Contracts
import Foundation
import Postgres
import TestKit
import Testing

@testable import Provisioning

@Suite struct DatabaseProvisionerTests {
    private let provisioner: DatabaseProvisioner

    init() throws {
        provisioner = try DatabaseProvisioner(adminURL: TestServers.adminDatabaseURL, logger: TestDatabase.logger)
    }

    private func withDatabase(_ body: (String) async throws -> Void) async throws {
        let name = "hearth_test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        do {
            try await body(name)
        } catch {
            try await provisioner.dropDatabase(name)
            throw error
        }
        try await provisioner.dropDatabase(name)
    }

    private func run(as url: String, _ body: (PostgresSession) async throws -> Void) async throws {
        try await PostgresSession.with(PostgresConfiguration(url: url), logger: TestDatabase.logger, body)
    }

    @Test func severalProcessesMayProvisionOneDatabaseAtOnceAndAgain() async throws {
        try await withDatabase { name in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await provisioner.provision(database: name, services: [.auth, .catalog]) } }
                try await group.waitForAll()
            }
            try await provisioner.provision(database: name, services: [.auth, .catalog])
            try await run(as: provisioner.url(of: name)) { session in
                let schemas: String? = try await session.value(
                    "SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname IN ('auth', 'catalog', 'extensions')")
                #expect(schemas == "auth,catalog,extensions")
            }
        }
    }

    @Test func aServiceUsesItsOwnTablesAndSeesNoOtherSchema() async throws {
        try await withDatabase { name in
            try await provisioner.provision(database: name, services: [.auth, .catalog])
            try await run(as: provisioner.url(of: name)) { session in
                for schema in ["auth", "catalog"] {
                    try await session.script(
                        "SET ROLE hearth_\(schema)_owner; CREATE TABLE \(schema).things (id int); INSERT INTO \(schema).things VALUES (1); RESET ROLE"
                    )
                }
            }
            try await run(as: provisioner.url(of: .catalog, in: name)) { session in
                try await session.execute("INSERT INTO things VALUES (2)")
                let count: Int64? = try await session.value("SELECT count(*) FROM catalog.things")
                #expect(count == 2)
                for statement: SQL in [
                    "SELECT * FROM auth.things", "CREATE TABLE catalog.more (id int)", "DROP TABLE things", "CREATE TABLE public.x ()",
                ] {
                    let error = await #expect(throws: PostgresError.self) { try await session.execute(statement) }
                    #expect(error?.sqlState == .insufficientPrivilege, "\(statement.text)")
                }
            }
        }
    }

    @Test func aPasswordWithQuotesIsText() {
        let script = DatabaseScripts.roles(of: [.auth], passwords: [.auth: "it's'; DROP ROLE x; --"])
        #expect(script.contains("PASSWORD 'it''s''; DROP ROLE x; --'"))
    }

    @Test func whatIsNoDatabaseURLIsRefusedWithAnExample() {
        #expect(throws: ProvisioningError.self) { try DatabaseProvisioner(adminURL: "localhost:5432", logger: TestDatabase.logger) }
    }
}
