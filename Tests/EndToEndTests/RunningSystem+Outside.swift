import ClientKit
import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import Provisioning

@testable import Demo

/// What the database and the broker themselves say, and the operator's tool.
extension RunningSystem {
    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static func required(_ name: String) throws -> String {
        guard let value = environment[name], !value.isEmpty else { throw StepFailure("\(name) is not set: deploy/local/hearth.sh env prints it.") }
        return value
    }

    /// A session of the administrator's, past row-level security.
    static func database<Result: Sendable>(_ body: (PostgresSession) async throws -> Result) async throws -> Result {
        let server = try DatabaseProvisioner(adminURL: required("HEARTH_ADMIN_DATABASE_URL"), logger: silent)
        let configuration = PostgresConfiguration(url: server.url(of: try required("HEARTH_DATABASE")))
        return try await PostgresSession.with(configuration, logger: silent, body)
    }

    /// What a query gives that gives a number, past row-level security.
    static func number(_ sql: SQL) async throws -> Int { try await database { try await $0.value(sql) ?? 0 } }

    /// How many messages wait in a service's outbox.
    static func waiting(in service: ServiceName) async throws -> Int {
        try await number("SELECT count(*) FROM \(identifier: service.rawValue).outbox")
    }

    static func management() throws -> ManagementAPI { try ManagementAPI(url: required("HEARTH_AMQP_MANAGEMENT_URL")) }
    static func vhost() throws -> String { try required("HEARTH_VHOST") }

    struct Queue: Decodable {
        var name: String
        var messages: Int?
        var consumers: Int?
    }

    static func queues() async throws -> [Queue] {
        try JSONDecoder().decode([Queue].self, from: await management().send("GET", ["queues", vhost()]))
    }

    static func bindings() async throws -> [BrokerBinding] {
        let answer = try await management().send("GET", ["exchanges", vhost(), Topology.events, "bindings", "source"])
        return try JSONDecoder().decode([BrokerBinding].self, from: answer)
    }

    /// Waits until nothing is on its way any more: every outbox and queue is empty, and still is when the broker has counted once more.
    static func settle() async throws {
        var calm = 0
        try await Waiting.expect("nothing being on its way", within: .seconds(180)) {
            var left = 0
            for service in ServiceName.allCases { left += try await waiting(in: service) }
            for queue in try await queues() where !queue.name.hasSuffix(".dead") { left += queue.messages ?? 0 }
            calm = left == 0 ? calm + 1 : 0
            // The broker's counts are as old as five seconds.
            if calm < 3 { try await Task.sleep(for: .seconds(3)) }
            return calm >= 3
        }
    }

    /// Runs `hearthctl` as an operator does; what it said, and how it ended.
    static func hearthctl(_ arguments: String...) async throws -> (status: Int32, words: String) {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("hearthctl-\(UUID().uuidString)")
        try Data().write(to: place)
        defer { try? FileManager.default.removeItem(at: place) }
        let output = try FileHandle(forWritingTo: place)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try required("HEARTH_BINARIES_PATH")).appendingPathComponent("hearthctl")
        process.arguments = arguments
        process.environment = environment
        process.standardOutput = output
        process.standardError = output
        let status = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        try output.close()
        return (status, try String(contentsOf: place, encoding: .utf8))
    }
}
