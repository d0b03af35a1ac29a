import Contracts
import Foundation
import Postgres
import TestKit
import Testing

@testable import Provisioning

/// What PostgreSQL itself refuses, for every service of the list, in a database as provisioning and all migrations make it.
@Suite struct DatabaseRefusalTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func withEverySchema(_ body: (DatabaseProvisioner, _ database: String) async throws -> Void) async throws {
        let provisioner = try DatabaseProvisioner(adminURL: TestServers.adminDatabaseURL, logger: TestDatabase.logger)
        let name = "hearth_test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        do {
            try await provisioner.provision(database: name)
            let migrations = Migrations(services: Self.root.appendingPathComponent("Services").path, shared: nil, logger: TestDatabase.logger)
            _ = try await migrations.migrate(databaseURL: provisioner.url(of: name))
            try await body(provisioner, name)
        } catch {
            try await provisioner.dropDatabase(name)
            throw error
        }
        try await provisioner.dropDatabase(name)
    }

    private func session(_ url: String, _ body: (PostgresSession) async throws -> Void) async throws {
        try await PostgresSession.with(PostgresConfiguration(url: url), logger: TestDatabase.logger, body)
    }

    private struct Table {
        var schema: String
        var name: String
    }

    /// Tables, views and partitions of all services.
    private func tables(_ url: String) async throws -> [Table] {
        let schemas = ServiceName.allCases.map(\.rawValue)
        var tables: [Table] = []
        try await session(url) { session in
            tables = try await session.rows(
                """
                SELECT nspname AS schema, relname AS name FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
                WHERE nspname = ANY(\(schemas)::text[]) AND relkind IN ('r', 'p', 'v', 'm') ORDER BY 1, 2
                """
            ).map { Table(schema: try $0["schema"], name: try $0["name"]) }
        }
        return tables
    }

    private func expectRefused(_ statement: SQL, by session: PostgresSession, _ service: ServiceName) async throws {
        let error = await #expect(throws: PostgresError.self, "\(service): \(statement.text)") { _ = try await session.rows(statement) }
        #expect(error?.sqlState == .insufficientPrivilege, "\(service): \(statement.text) is refused with \(error?.sqlState?.rawValue ?? "nothing")")
    }

    @Test func aServiceReachesNothingInTheSchemaOfAnother() async throws {
        try await withEverySchema { provisioner, database in
            let tables = try await tables(provisioner.url(of: database))
            for service in ServiceName.allCases {
                #expect(tables.contains { $0.schema == service.rawValue && $0.name == "outbox" })
                try await session(provisioner.url(of: service, in: database)) { session in
                    for table in tables where table.schema != service.rawValue {
                        let name: SQL = "\(identifier: table.schema).\(identifier: table.name)"
                        for statement: SQL in [
                            "SELECT 1 FROM \(name)", "INSERT INTO \(name) DEFAULT VALUES", "DELETE FROM \(name)", "TRUNCATE \(name)",
                            "DROP TABLE \(name)",
                        ] {
                            try await expectRefused(statement, by: session, service)
                        }
                    }
                    for other in ServiceName.allCases where other != service {
                        try await expectRefused("CREATE TABLE \(identifier: other.rawValue).more (id int)", by: session, service)
                        try await expectRefused("SELECT \(identifier: other.rawValue).ensure_inbox_partitions(1)", by: session, service)
                        try await expectRefused("DROP SCHEMA \(identifier: other.rawValue) CASCADE", by: session, service)
                    }
                }
            }
        }
    }

    @Test func aServiceChangesNothingAboutItsOwnTablesAndTheServer() async throws {
        try await withEverySchema { provisioner, database in
            for service in ServiceName.allCases {
                let roles = DatabaseRoles(service)
                let own: SQL = "\(identifier: roles.schema)"
                let url = provisioner.url(of: service, in: database)
                try await session(url) { session in
                    for statement: SQL in [
                        "CREATE TABLE \(own).more (id int)", "CREATE TABLE public.more (id int)", "CREATE TABLE extensions.more (id int)",
                        "CREATE SCHEMA more", "ALTER SCHEMA \(own) RENAME TO more", "DROP TABLE \(own).outbox", "TRUNCATE \(own).outbox",
                        "ALTER TABLE \(own).outbox ADD COLUMN more int", "ALTER TABLE \(own).outbox OWNER TO \(identifier: roles.application)",
                        "CREATE FUNCTION \(own).more() RETURNS int LANGUAGE sql RETURN 1", "CREATE EXTENSION dblink",
                        "CREATE TRIGGER more AFTER INSERT ON \(own).outbox EXECUTE FUNCTION now()",
                        "UPDATE \(own).schema_migrations SET version = version", "DELETE FROM \(own).schema_migrations",
                        "SET ROLE \(identifier: roles.owner)", "SET ROLE \(identifier: roles.reader)", "SET ROLE pg_execute_server_program",
                        "SET SESSION AUTHORIZATION postgres", "ALTER ROLE \(identifier: roles.application) BYPASSRLS",
                        "ALTER ROLE \(identifier: roles.application) SUPERUSER", "CREATE ROLE more", "CREATE DATABASE more",
                        "DROP ROLE \(identifier: roles.reader)",
                        "SELECT rolpassword FROM pg_authid", "SELECT passwd FROM pg_shadow", "SELECT pg_read_file('/etc/passwd')",
                        "SELECT pg_ls_dir('.')", "COPY (SELECT 1) TO PROGRAM 'true'", "COPY \(own).outbox TO '/tmp/hearth-outbox'",
                        "SELECT pg_reload_conf()", "SELECT lo_import('/etc/passwd')", "ALTER SYSTEM SET work_mem = '1GB'",
                        "SET session_replication_role = replica",
                    ] {
                        try await expectRefused(statement, by: session, service)
                    }
                    for other in ServiceName.allCases where other != service {
                        let others = DatabaseRoles(other)
                        for role in [others.owner, others.application, others.reader] {
                            try await expectRefused("SET ROLE \(identifier: role)", by: session, service)
                        }
                    }
                    try await expectRowSecurityStands(in: roles.schema, session, service)
                }
            }
        }
    }

    /// Of every table that has row-level security, whichever they are.
    private func expectRowSecurityStands(in schema: String, _ session: PostgresSession, _ service: ServiceName) async throws {
        let secured = try await session.rows(
            "SELECT relname AS name FROM pg_class WHERE relnamespace = \(schema)::text::regnamespace AND relrowsecurity AND relkind IN ('r', 'p')"
        ).map { try $0["name"] as String }
        #expect(!secured.isEmpty, "\(service) has no table with row-level security")
        for name in secured {
            let table: SQL = "\(identifier: schema).\(identifier: name)"
            try await expectRefused("ALTER TABLE \(table) DISABLE ROW LEVEL SECURITY", by: session, service)
            try await expectRefused("CREATE POLICY more ON \(table) USING (true)", by: session, service)
        }
        // Without row-level security a query fails instead of showing everything.
        _ = try await session.execute("SET row_security = off")
        for name in secured where try await isReadable(schema, name, session) {
            try await expectRefused("SELECT 1 FROM \(identifier: schema).\(identifier: name)", by: session, service)
        }
    }

    private func isReadable(_ schema: String, _ table: String, _ session: PostgresSession) async throws -> Bool {
        try await session.value("SELECT has_table_privilege(\(schema + "." + table)::text, 'SELECT')") ?? false
    }
}
