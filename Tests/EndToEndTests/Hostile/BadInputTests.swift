import ClientKit
import Foundation
import TestKit
import Testing

@testable import Demo

extension EndToEnd {
    /// Every operation of the interface is sent what is no body, no id and no query for it.
    @Suite struct BadInputTests {
        @Test func `no body but the right one is taken, and none changes anything`() async throws {
            let stage = try await HostileStage.ready()
            let attacks = try await stage.operations.filter { $0.body != nil }.asyncFlatMap { operation in
                let path = try await stage.ownPath(operation)
                return BadBody.all(for: operation).map { Attack(operation, $0.name, path: path, body: $0.bytes, headers: $0.headers) }
            }
            #expect(attacks.count > 300)
            try await stage.expectRefused(attacks)
        }

        @Test func `no field takes a value of another type`() async throws {
            let stage = try await HostileStage.ready()
            let attacks = try await stage.operations.filter { $0.body != nil }.asyncFlatMap { operation in
                let path = try await stage.ownPath(operation)
                return try Self.wrongFields(operation).map { Attack(operation, $0.name, path: path, body: try Array(JSONEncoder().encode($0.body))) }
            }
            #expect(attacks.count > 300)
            try await stage.expectRefused(attacks, allowed: [400, 403, 404, 422])
        }

        @Test func `an id that is unknown or none is not found, whatever is done with it`() async throws {
            let stage = try await HostileStage.ready()
            let ids = [
                UUID().uuidString.lowercased(), "00000000-0000-0000-0000-000000000000", "none", "1", "-1", "%00", "a%00b", "%ff%fe", "%2e%2e",
                "a%2fb", "'%20OR%201=1--",
                "%7B%7D", String(repeating: "9", count: 300), String(repeating: "a", count: 5000),
            ]
            let attacks = stage.operations.filter { !$0.pathNames.isEmpty }.flatMap { operation in
                ids.map { id in
                    let body = operation.body.map(Sample.value).flatMap { try? Array(JSONEncoder().encode($0)) }
                    return Attack(operation, "id \(id.prefix(40))", path: operation.path(with: id), body: body)
                }
            }
            try await stage.expectRefused(attacks, allowed: [400, 403, 404, 405, 422])
        }

        @Test func `no query but the right one is taken`() async throws {
            let stage = try await HostileStage.ready()
            let attacks = try await stage.operations.asyncFlatMap { operation in
                let path = try await stage.ownPath(operation)
                let body = operation.body.map(Sample.value).flatMap { try? Array(JSONEncoder().encode($0)) }
                return Self.queries(operation).map { Attack(operation, "?" + $0.prefix(60), path: path + "?" + $0, body: body) }
            }
            #expect(attacks.count > 200)
            try await stage.expectRefused(attacks)
        }

        @Test func `no header but the right one is taken`() async throws {
            let stage = try await HostileStage.ready()
            let attacks = try await stage.operations.asyncFlatMap { operation in
                let path = try await stage.ownPath(operation)
                let body = operation.body.map(Sample.value).flatMap { try? Array(JSONEncoder().encode($0)) }
                return Self.headers(operation).map { Attack(operation, "\($0): \($1.prefix(40))", path: path, body: body, headers: [$0: $1]) }
            }
            #expect(attacks.count > 100)
            try await stage.expectRefused(attacks)
        }

        @Test(arguments: NoRequest.all + [.brokenChunks] + NoRequest.forGateways)
        func `what is no request at all is a problem at the gateway`(_ request: NoRequest) async throws {
            let connection = try await RawConnection.open(try RunningSystem.gateway().baseURL)
            try? await connection.send(request.text)
            let reply = try await connection.reply(within: .seconds(60))
            await connection.close()
            #expect(Refusal.flaw(of: reply) == nil, "\(Refusal.flaw(of: reply) ?? "") \(reply.status) \(reply.text.prefix(200))")
        }

        @Test func `what is right does change something, so nothing changed means what it says`() async throws {
            let stage = try await HostileStage.ready()
            let before = try await Ledger.settled()
            _ = try await stage.owner.client.post("/v1/search-criteria", ["name": "One more", "preferred_cities": ["Berlin"]], expecting: 201)
            let changes = try await Ledger.settled().changes(since: before)
            #expect(changes.contains { $0.hasPrefix("catalog.search_criteria: ") }, "\(changes)")
        }

        private static func headers(_ operation: Operation) -> [(name: String, value: String)] {
            let keys = operation.method == "POST" && operation.parameters.contains { $0.name == "Idempotency-Key" }
            let versions = operation.parameters.contains { $0.name == "If-Match" }
            let long = String(repeating: "k", count: 300)
            return (keys ? ["two words", long, "ä"] : []).map { ("Idempotency-Key", $0) }
                + (versions ? ["nonsense", "\"x\"", "\"99999999999999999999999\"", "1", "\"1\", \"2\""] : []).map { ("If-Match", $0) }
        }

        private static func wrongFields(_ operation: Operation) -> [(name: String, body: JSON)] {
            guard let schema = operation.body else { return [] }
            let sample = Sample.value(schema).fields
            return schema["properties"].fields.sorted { $0.key < $1.key }.flatMap { name, field in
                Sample.wrong(field).map { ("\(name) = \($0)", .object(sample.merging([name: $0]) { $1 })) }
            }
        }

        private static func queries(_ operation: Operation) -> [String] {
            // Beyond what nginx and the services take of an address.
            let huge = "x=" + String(repeating: "y", count: 70_000)
            return [huge]
                + operation.queries.flatMap { parameter -> [String] in
                    // What is a list may be given more than once.
                    let twice = Sample.type(parameter.schema) == "array" ? [] : ["\(parameter.name)=1&\(parameter.name)=2"]
                    return values(parameter).map { "\(parameter.name)=\($0)" } + twice
                }
        }

        private static func values(_ parameter: Operation.Parameter) -> [String] {
            switch Sample.type(parameter.schema) {
            case "integer", "number":
                ["1e400", "NaN", "inf", "abc", "0x10", "1%00", "%00", "99999999999999999999999999", "%ff", "1;1", "%D9%A3"]
                    + ((parameter.schema["minimum"].double ?? 0) < 0 ? [] : ["-1"])
            case "boolean": ["maybe", "2", "%00", "%ff"]
            case _ where parameter.schema["format"].string == "uuid" || parameter.schema["enum"] != .null: ["none", "%00", "%ff", "-1"]
            default: ["%00", "a%00b", "%ff%fe", "%c0%80"]
            }
        }
    }
}
