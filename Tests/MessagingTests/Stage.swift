import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import ServiceLifecycle
import Synchronization
import TestKit
import Testing

/// Something happened to a counter. `step` counts up.
struct Counted: Event {
    static let name = "catalog.test.counted.v1"
    var id: UUID
    var step: Int
    var subject: UUID { id }
    var aggregateVersion: Int64? { Int64(step) }
}

struct ServiceContextOfTest: RowSecurityContext {
    var settings: [(name: String, value: String)] { [("app.role", "service")] }
}

let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

/// A database with the schema `catalog` and its common tables, and a vhost, for one test.
struct Stage: Sendable {
    let database: TestDatabase
    let vhost: TestBroker
    let configuration: PostgresConfiguration
    let postgres: Postgres
    let broker: Broker

    static func with(
        server: TestBrokerServer? = nil, databaseServer: ThrowawayPostgres? = nil, _ body: @escaping @Sendable (Stage) async throws -> Void
    ) async throws {
        try await TestDatabase.with(server: databaseServer, maximumConnections: 8) { database in
            let up = try commonMigration.up
            try await PostgresSession.with(database.configuration, logger: quiet) { session in
                try await session.script(
                    "CREATE SCHEMA catalog; SET search_path = catalog; \(up); CREATE TABLE effects (position bigserial, id uuid, step int)")
            }
            var configuration = database.configuration
            configuration.schema = "catalog"
            let pool = configuration
            try await TestDatabase.running(pool) { postgres in
                try await TestBroker.with(server: server) { vhost in
                    try await vhost.connected(.catalog, logger: quiet) { broker in
                        try await body(
                            Stage(database: database, vhost: vhost, configuration: pool, postgres: postgres, broker: broker))
                    }
                }
            }
        }
    }

    static var commonMigration: (up: String, down: String) {
        get throws {
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            let file = root.appendingPathComponent("Shared/Messaging/Migrations/0000_messaging.sql")
            let parts = try String(contentsOf: file, encoding: .utf8).split(separator: "-- migrate:down", maxSplits: 1)
            return (String(parts[0]), String(parts[1]))
        }
    }

    func consumer(_ broker: Broker? = nil, concurrency: Int = 8, retry: RetryPolicy = RetryPolicy(delays: [])) -> Consumer {
        Consumer(
            broker ?? self.broker, postgres: postgres, service: "catalog", concurrency: concurrency, context: ServiceContextOfTest(), retry: retry,
            logger: quiet)
    }

    func relay(_ broker: Broker? = nil) -> OutboxRelay {
        OutboxRelay(postgres: postgres, configuration: configuration, broker: broker ?? self.broker, service: "catalog", logger: quiet)
    }

    var deadLetters: DeadLetters { DeadLetters(url: vhost.url(.catalog), service: "catalog") }

    /// Publishes through the outbox, one transaction for each.
    func count(_ events: [Counted]) async throws {
        for event in events { try await postgres.transaction { tx in try await tx.publish(event) } }
    }

    /// The steps that took effect, in the order of their effect.
    func effects(_ id: UUID) async throws -> [Int] {
        try await postgres.rows("SELECT step FROM effects WHERE id = \(id) ORDER BY position").map { try $0["step"] }
    }
}

extension Consumer {
    /// Notes every `Counted` in the table `effects`.
    func noteEffects() {
        on(Counted.self) { event, _, tx in try await tx.execute("INSERT INTO effects (id, step) VALUES (\(event.id), \(event.step))") }
    }
}

/// Runs services beside `body` and cancels them after.
func running(_ services: [any Service], _ body: () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for service in services { group.addTask { try await service.run() } }
        for case let consumer as Consumer in services { try await eventually { consumer.isSubscribed } }
        for case let broadcasts as Broadcasts in services { try await eventually { broadcasts.isSubscribed } }
        try await body()
        group.cancelAll()
    }
}

/// What a handler throws to fail.
struct Failure: Error {}

/// A value that handlers note things in.
final class Noted<Value: Sendable>: Sendable {
    private let state: Mutex<Value>
    init(_ value: Value) { state = Mutex(value) }
    var value: Value { state.withLock { $0 } }
    func change(_ body: (inout sending Value) -> Void) { state.withLock { body(&$0) } }
}
