import Foundation
import Logging
import TestKit
import Testing

@testable import Postgres

@Suite struct MigratorTests {
    @Test func aSchemaGoesUpDownAndUpAgain() async throws {
        try await withMigrations { (migrator, session, _) async throws in
            #expect(try await migrator.migrate(session) == ["0001", "0002"])
            #expect(try await migrator.migrate(session) == [])
            #expect(try await migrator.rollback(session, steps: 1) == ["0002"])
            #expect(try await migrator.status(session).map(\.state) == [.applied, .pending])
            #expect(try await migrator.rollback(session, steps: nil) == ["0001"])
            #expect(try await session.value("SELECT to_regclass('app.things') IS NULL") == true)
            #expect(try await migrator.migrate(session) == ["0001", "0002"])
            #expect(try await session.value("SELECT count(*) FROM app.things") == 1)
        }
    }

    @Test func aChangedFileIsRefused() async throws {
        try await withMigrations { migrator, session, folder in
            _ = try await migrator.migrate(session)
            try "SELECT 1;\n-- migrate:down\nSELECT 1;\n".write(toFile: "\(folder)/0002_rows.sql", atomically: true, encoding: .utf8)
            await #expect(throws: MigrationError.self) { _ = try await migrator.migrate(session) }
            #expect(try await migrator.status(session).map(\.state) == [.applied, .changed])
        }
    }

    @Test func aFailedMigrationLeavesNothingBehind() async throws {
        try await withMigrations { migrator, session, folder in
            try "CREATE TABLE half (id int);\nSELECT 1/0;\n-- migrate:down\n".write(
                toFile: "\(folder)/0003_broken.sql", atomically: true, encoding: .utf8)
            let error = await #expect(throws: PostgresError.self) { _ = try await migrator.migrate(session) }
            #expect(error?.sqlState?.rawValue == "22012")
            #expect(error?.message.contains("0003") == true)
            #expect(try await session.value("SELECT to_regclass('app.half') IS NULL") == true)
            #expect(try await migrator.status(session).map(\.state) == [.applied, .applied, .pending])
        }
    }

    @Test func twoRunnersAtOnceApplyEachMigrationOnce() async throws {
        try await withMigrations { migrator, session, folder in
            try "SELECT pg_sleep(0.1);\nCREATE TABLE slow (id int);\n-- migrate:down\nDROP TABLE slow;\n".write(
                toFile: "\(folder)/0003_slow.sql", atomically: true, encoding: .utf8)
            let name: String = try #require(try await session.value("SELECT current_database()"))
            let configuration = PostgresConfiguration(url: TestDatabase.url(TestServers.adminDatabaseURL, database: name))
            let versions = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        try await PostgresSession.with(configuration, logger: TestDatabase.logger) { try await migrator.migrate($0) }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(versions.sorted() == ["0001", "0002", "0003"])
        }
    }

    private func withMigrations(_ body: @Sendable @escaping (Migrator, PostgresSession, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("migrations-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = "CREATE TABLE things (id int PRIMARY KEY, name text);\n-- migrate:down\nDROP TABLE things;\n"
        try first.write(toFile: "\(folder)/0001_things.sql", atomically: true, encoding: .utf8)
        let second = "INSERT INTO things VALUES (1, 'a;b');\n-- migrate:down\nDELETE FROM things;\n"
        try second.write(toFile: "\(folder)/0002_rows.sql", atomically: true, encoding: .utf8)
        try await TestDatabase.with { database in
            try await PostgresSession.with(database.configuration, logger: TestDatabase.logger) { session in
                try await session.script("CREATE SCHEMA app")
                try await body(Migrator(schema: "app", owner: "postgres", directories: [folder]), session, folder)
            }
        }
    }
}
