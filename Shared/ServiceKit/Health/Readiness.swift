import Foundation
import Postgres
import Synchronization

/// Whether a service can serve: each part tells by itself. A part that is required and away makes it unready; another only makes it slower
/// (Redis) or lets work wait (the broker: the outbox holds it).
final class Readiness: Sendable {
    struct Part: Sendable {
        var name: String
        var isRequired: Bool
        var check: @Sendable () async -> Bool
    }

    struct Report: Encodable {
        enum Status: String, Encodable { case ready, degraded, unready }
        struct PartReport: Encodable {
            var name: String
            var status: String
            var required: Bool
        }
        var status: Status
        var parts: [PartReport]
    }

    private let parts: [Part]
    private let serving = Atomic(false)

    init(_ parts: [Part]) {
        self.parts = parts
    }

    /// True between the moment the HTTP server listens and the moment the stop begins.
    var isServing: Bool {
        get { serving.load(ordering: .relaxed) }
        set { serving.store(newValue, ordering: .relaxed) }
    }

    func report() async -> Report {
        var reports = [Report.PartReport(name: "http", status: isServing ? "up" : "down", required: true)]
        for part in parts {
            reports.append(.init(name: part.name, status: await part.check() ? "up" : "down", required: part.isRequired))
        }
        let down = reports.filter { $0.status == "down" }
        let status: Report.Status = down.isEmpty ? .ready : down.contains(where: \.required) ? .unready : .degraded
        return Report(status: status, parts: reports)
    }

    static func of(_ platform: Platform) -> Readiness {
        Readiness([
            Part(name: "postgres", isRequired: true) { [postgres = platform.postgres] in
                // The outbox comes with the first migration: a schema without it is not migrated.
                let isMigrated = try? await postgres.value("SELECT to_regclass('outbox') IS NOT NULL", as: Bool.self)
                return isMigrated ?? false
            },
            Part(name: "broker", isRequired: false) { [broker = platform.broker] in broker.isConnected },
            Part(name: "queue", isRequired: true) { [consumer = platform.consumer] in consumer.hearsEverything },
            Part(name: "redis", isRequired: false) { [redis = platform.redis] in redis.isConnected },
        ])
    }
}
