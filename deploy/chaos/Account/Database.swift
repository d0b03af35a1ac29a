import ClientKit
import Foundation
import Logging
import Postgres

/// The rows of every schema, read as the administrator: what the services say does not matter here.
struct Database: Sendable {
    private let postgres: Postgres
    private let services: [String]

    /// Connects for as long as `body` runs, over every fault in between.
    static func with<Result: Sendable>(
        _ surroundings: Surroundings, _ body: @Sendable (Database) async throws -> Result
    ) async throws -> Result {
        let configuration = PostgresConfiguration(
            url: surroundings.databaseURL, maximumConnections: 2, statementTimeout: .seconds(120), applicationName: "hearth-chaos")
        let postgres = Postgres(configuration, logger: Logger(label: "chaos") { _ in SwiftLogNoOpLogHandler() })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await postgres.run() }
            defer { group.cancelAll() }
            return try await body(Database(postgres: postgres, services: surroundings.services))
        }
    }

    func number(_ sql: SQL) async throws -> Int {
        do {
            return try await postgres.value(sql, as: Int.self) ?? 0
        } catch let error as PostgresError {
            throw StepFailure("The database answered: \(error)")
        }
    }

    func strings(_ sql: SQL) async throws -> [String] {
        do {
            return try await postgres.rows(sql).map { try $0["text"] }
        } catch let error as PostgresError {
            throw StepFailure("The database answered: \(error)")
        }
    }

    func flow() async throws -> FlowCount {
        FlowCount(
            listings: try await number("SELECT count(*) FROM catalog.listings"),
            notifications: try await number("SELECT count(*) FROM alerts.notifications"),
            mails: try await number("SELECT count(*) FROM campaigns.email_queue WHERE reference IS NOT NULL AND status = 'sent'"))
    }

    /// Messages that a service has yet to send.
    func outbox(of service: String) async throws -> Int { try await number("SELECT count(*) FROM \(identifier: service).outbox") }

    func outboxes() async throws -> Int {
        var rows = 0
        for service in services { rows += try await outbox(of: service) }
        return rows
    }

    func mailsWaiting() async throws -> Int {
        try await number("SELECT count(*) FROM campaigns.email_queue WHERE status IN ('queued', 'sending')")
    }

    /// How many connections each program has, by the name that it gives.
    func connections() async throws -> [String: Int] {
        let names = try await strings("SELECT application_name AS text FROM pg_stat_activity WHERE application_name <> ''")
        return names.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// What is yet to be done by somebody: jobs that run, mails that are not out, messages not sent.
    func outstanding() async throws -> Int {
        let jobs = try await number("SELECT count(*) FROM scraper.scraping_jobs WHERE status IN ('pending', 'running')")
        return try await jobs + mailsWaiting() + outboxes()
    }
}
