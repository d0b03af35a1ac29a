import Foundation
import Postgres

/// The plans of what a service asks, as the service itself asks it: with its statements, its settings, its role and the policies that hold for it. The
/// database writes them into its log.
struct ServicePlans {
    let database: HomesDatabase
    let role: String
    /// Where the database's log is.
    let log: URL

    init(of service: String, on database: HomesDatabase) throws {
        self.database = database
        role = "hearth_\(service)"
        log = URL(fileURLWithPath: try Servers.variable("HEARTH_BENCH_POSTGRES_LOG"))
    }

    /// What was planned for the statements that name `table`, while `body` had the service ask them.
    func plans(naming table: String, _ body: () async throws -> Void) async throws -> String {
        try await reconnect(Self.settings.map { "ALTER ROLE \(role) SET \($0.name) = '\($0.value)'" })
        let before = try Data(contentsOf: log).count
        do {
            try await body()
        } catch {
            try await reconnect(reset)
            throw error
        }
        try await reconnect(reset)
        return Self.plans(in: String(decoding: try Data(contentsOf: log).dropFirst(before), as: UTF8.self), naming: table)
    }

    private static let settings = [
        (name: "session_preload_libraries", value: "auto_explain"), (name: "auto_explain.log_min_duration", value: "0"),
        (name: "auto_explain.log_analyze", value: "on"),
    ]
    private var reset: [String] { Self.settings.map { "ALTER ROLE \(role) RESET \($0.name)" } }

    /// Connections have the settings that held when they were made.
    private func reconnect(_ changes: [String]) async throws {
        try await database.with { session in
            for change in changes { try await session.script(change) }
            _ = try await session.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = \(role)")
        }
    }

    /// An entry of the log begins with a line at the margin, what belongs to it is indented.
    static func plans(in log: String, naming table: String) -> String {
        var entries: [[Substring]] = []
        for line in log.split(separator: "\n") {
            if line.first == "\t" { entries.indices.last.map { entries[$0].append(line.dropFirst()) } } else { entries.append([line]) }
        }
        return entries.filter { entry in
            entry.first?.contains("plan:") == true && entry.contains { $0.contains("FROM \(table)") }
        }.map { $0.dropFirst().joined(separator: "\n") }.joined(separator: "\n")
    }
}
