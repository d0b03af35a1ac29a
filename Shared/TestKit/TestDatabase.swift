import Foundation
import Logging
import Postgres

/// A database of one test's own on the private server. It is dropped afterwards, whoever is still connected.
public struct TestDatabase: Sendable {
    public let name: String
    /// Connects as the superuser of the private server.
    public let configuration: PostgresConfiguration
    /// A running pool.
    public let postgres: Postgres

    /// Creates the database, runs `body` with it while its pool runs, and drops it.
    ///
    /// - Parameter server: a server of the test's own instead of the shared one; it must be up in the end.
    public static func with<Result: Sendable>(
        server: ThrowawayPostgres? = nil, maximumConnections: Int = 4, pooled: Bool = false, acquireTimeout: Duration = .seconds(10),
        _ body: @Sendable (TestDatabase) async throws -> Result
    ) async throws -> Result {
        let adminURL = server?.url ?? TestServers.adminDatabaseURL
        let admin = PostgresConfiguration(url: adminURL)
        let name = "hearth_test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        try await PostgresSession.with(admin, logger: logger) { _ = try await $0.execute("CREATE DATABASE \(identifier: name)") }
        let direct = url(adminURL, database: name)
        let configuration = PostgresConfiguration(
            url: pooled ? url(TestServers.pgBouncerURL, database: name) : direct, directURL: direct, pooled: pooled,
            maximumConnections: maximumConnections, acquireTimeout: acquireTimeout, applicationName: name)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(
                try await running(configuration) { try await body(TestDatabase(name: name, configuration: configuration, postgres: $0)) })
        } catch {
            outcome = .failure(error)
        }
        // In a task of its own, so that a cancelled test leaves nothing behind either.
        try await Task {
            try await PostgresSession.with(admin, logger: logger) { _ = try await $0.execute("DROP DATABASE \(identifier: name) WITH (FORCE)") }
        }.value
        return try outcome.get()
    }

    /// Runs a pool for as long as `body` takes.
    public static func running<Result: Sendable>(
        _ configuration: PostgresConfiguration, _ body: @Sendable (Postgres) async throws -> Result
    ) async throws -> Result {
        let postgres = Postgres(configuration, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await postgres.run() }
            defer { group.cancelAll() }
            return try await body(postgres)
        }
    }

    /// The same server and user, another database.
    public static func url(_ url: String, database: String) -> String {
        guard var components = URLComponents(string: url) else { return url }
        components.path = "/" + database
        return components.string ?? url
    }

    public static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
}
