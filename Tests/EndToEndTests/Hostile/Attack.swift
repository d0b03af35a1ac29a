import ClientKit
import Foundation
import TestKit

@testable import Demo

/// One request that must be refused.
struct Attack: Sendable {
    var name: String
    var method: String
    var path: String
    var body: [UInt8]?
    var headers: [String: String] = [:]

    init(_ operation: Operation, _ name: String, path: String? = nil, body: [UInt8]? = nil, headers: [String: String] = [:]) {
        self.name = "\(operation): \(name)"
        method = operation.method
        self.path = path ?? operation.path(with: UUID().uuidString.lowercased())
        self.body = body
        self.headers = headers
        if body != nil, headers["Content-Type"] == nil { self.headers["Content-Type"] = "application/json" }
        if headers["Content-Type"] == "" { self.headers["Content-Type"] = nil }
    }

    /// Sends all of them, eight at a time, and tells of each answer that is not a clear refusal. `allowed` narrows which refusals are right.
    static func findings(_ attacks: [Attack], as client: HearthClient, allowed: Set<Int> = []) async throws -> [String] {
        var findings: [String] = []
        for start in stride(from: 0, to: attacks.count, by: 8) {
            findings += try await withThrowingTaskGroup(of: String?.self) { group in
                for attack in attacks[start..<min(start + 8, attacks.count)] {
                    group.addTask {
                        let reply: Reply
                        do { reply = try await attack.reply(from: client) } catch { return "\(attack.name) → \(error)" }
                        return Refusal.flaw(of: reply, allowed: allowed).map { "\(attack.name) → \(reply.status): \($0)" }
                    }
                }
                return try await group.reduce(into: []) { if let finding = $1 { $0.append(finding) } }
            }
        }
        return findings
    }

    /// On a connection of its own, byte for byte: a client library would mend some of it, and refuse to send some.
    private func reply(from client: HearthClient) async throws -> Reply {
        let connection = try await RawConnection.open(client.baseURL)
        var head = "\(method) \(path) HTTP/1.1\r\nHost: hearth\r\nConnection: close\r\n"
        if let token = client.token, headers["Authorization"] == nil { head += "Authorization: Bearer \(token)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        // What is refused early is not read to its end.
        try? await connection.send(Array((head + "\r\n").utf8) + (body ?? []))
        defer { Task { await connection.close() } }
        return try await connection.reply(within: .seconds(60))
    }
}
