import ClientKit
import Contracts
import Foundation

@testable import Demo

/// The copies of each service, reached directly and not through the gateway.
extension RunningSystem {
    static let copies = environment["COPIES"].flatMap(Int.init) ?? 1

    /// The interface of each copy, the first one first.
    static func clients(of service: ServiceName) throws -> [HearthClient] { try clients(service.rawValue) }

    /// Where each copy tells of its health.
    static func adminClients(of service: ServiceName) throws -> [HearthClient] { try clients(service.rawValue + "_admin") }

    private static func clients(_ name: String) throws -> [HearthClient] {
        let variable = "HEARTH_\(name.uppercased())_PORT"
        guard let first = environment[variable].flatMap(Int.init), let distance = environment["HEARTH_COPY_DISTANCE"].flatMap(Int.init) else {
            throw StepFailure("\(variable) or HEARTH_COPY_DISTANCE is not set: deploy/local/hearth.sh env prints them.")
        }
        return (0..<copies).map { HearthClient(baseURL: "http://127.0.0.1:\(first + $0 * distance)") }
    }

    /// Starts what does not run of all copies, and waits until each has everything that it stands on.
    static func complete() async throws {
        try await script("services.sh", "start")
        for service in ServiceName.allCases {
            for (number, copy) in try adminClients(of: service).enumerated() {
                try await Waiting.expect("copy \(number + 1) of \(service) having all it needs", within: .seconds(120)) {
                    try await copy.send("GET", "/readyz").json["status"] == "ready"
                }
            }
        }
    }

    /// The process of a copy (`catalog`, `catalog.2`) or a server (`redis`).
    static func processID(_ name: String) throws -> pid_t {
        let folder = URL(fileURLWithPath: environment["HEARTH_SECRETS_PATH"] ?? "").deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appendingPathComponent("run/\(name).pid")
        guard let word = try String(contentsOf: file, encoding: .utf8).split(separator: " ").first, let id = pid_t(word) else {
            throw StepFailure("\(file.path) names no process.")
        }
        return id
    }

    /// Whether it can be asked to end: a process that inherited a blocked SIGTERM has to be killed.
    static func hearsTermination(_ name: String) throws -> Bool {
        let status = try String(contentsOfFile: "/proc/\(processID(name))/status", encoding: .utf8)
        return try ["SigBlk:", "SigIgn:"].allSatisfy { field in
            let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
            guard let mask = line?.split(separator: "\t").last.flatMap({ UInt64($0, radix: 16) }) else {
                throw StepFailure("The state of \(name) has no \(field)")
            }
            return mask & (1 << UInt64(SIGTERM - 1)) == 0
        }
    }
}
