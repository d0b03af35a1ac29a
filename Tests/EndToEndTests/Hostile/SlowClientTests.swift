import ClientKit
import Foundation
import TestKit
import Testing

@testable import Demo

extension EndToEnd {
    /// Clients that take for ever, at the gateway and at every service's own port.
    @Suite struct SlowClientTests {
        private static let crowd = 25

        @Test func `a header that drips is cut off, and others are served meanwhile`() async throws {
            try await expectCutOff(beginning: { _, _ in "GET /v1/listings HTTP/1.1\r\nHost: hearth\r\nX-Slow: " }, drip: "a", doors: Self.doors())
        }

        @Test func `a body that drips is refused, and others are served meanwhile`() async throws {
            let stage = try await HostileStage.ready()
            let operations = Dictionary(grouping: stage.operations.filter { $0.body != nil }, by: \.service).compactMapValues(\.first)
            try await expectCutOff(
                beginning: { service, _ in
                    guard let operation = operations[service] else { return nil }
                    return """
                        \(operation.method) \(operation.path(with: UUID().uuidString.lowercased())) HTTP/1.1\r
                        Host: hearth\r
                        Authorization: Bearer \(stage.owner.client.token ?? "")\r
                        Content-Type: application/json\r
                        Content-Length: 100000\r
                        \r\n{"a":"
                        """
                }, drip: "a", doors: Self.doors().filter { $0.service != "gateway" })
        }

        @Test func `a body that stops coming is cut off by the gateway`() async throws {
            try await expectCutOff(
                beginning: { _, _ in "POST /v1/auth/login HTTP/1.1\r\nHost: hearth\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
                }, drip: "",
                doors: Self.doors().filter { $0.service == "gateway" })
        }

        @Test func `live streams that nobody reads hold nobody up, and end with their session`() async throws {
            let flow = try RunningSystem.flow()
            let seeker = try await flow.arrive(as: "seeker", firstName: "Ida")
            let url = try #require(RunningSystem.environment["HEARTH_GATEWAY_URL"])
            var connections: [RawConnection] = []
            for _ in 1...3 {
                let connection = try await RawConnection.open(url, reading: false)
                try await connection.send(
                    "GET /v1/notifications/stream HTTP/1.1\r\nHost: hearth\r\nAuthorization: Bearer \(seeker.client.token ?? "")\r\n\r\n")
                connections.append(connection)
            }
            _ = try await seeker.client.get("/v1/notifications/unread-count")
            let read = try await flow.openStream(of: seeker)
            #expect(try await seeker.client.send("POST", "/v1/auth/logout").status == 204)
            try await Waiting.expect("the end of the stream that is read", within: .seconds(30)) { await read.hasEnded }
            for connection in connections {
                try await connection.startReading()
                try await Waiting.expect("the end of a stream that was not read", within: .seconds(30)) {
                    connection.isClosed || connection.text.hasSuffix("0\r\n\r\n")
                }
                #expect(connection.status == 200)
                await connection.close()
            }
        }

        private static func doors() -> [(service: String, url: String)] {
            let names = ["gateway"] + (RunningSystem.environment["HEARTH_SERVICES"] ?? "").split(separator: " ").map(String.init)
            return names.compactMap { name in RunningSystem.environment["HEARTH_\(name.uppercased())_URL"].map { (name, $0) } }
        }

        /// A crowd drips at every door. All of it is cut off, by the services with a problem; everyone is served while it goes on.
        private func expectCutOff(
            beginning: (_ service: String, _ url: String) -> String?, drip: String, doors: [(service: String, url: String)],
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            var slow: [(service: String, connection: RawConnection)] = []
            for door in doors {
                guard let text = beginning(door.service, door.url) else { continue }
                for _ in 1...Self.crowd {
                    let connection = try await RawConnection.open(door.url)
                    try await connection.send(text)
                    slow.append((door.service, connection))
                }
            }
            #expect(slow.count >= Self.crowd, sourceLocation: sourceLocation)
            let gateway = try RunningSystem.gateway()
            let services = Self.doors().map(\.service).filter { $0 != "gateway" }
            try await Waiting.until("every slow client being cut off", within: .seconds(120), every: .seconds(1)) {
                for (_, connection) in slow where !connection.isClosed && !drip.isEmpty { try? await connection.send(drip) }
                for service in services {
                    let reply = try await gateway.send("GET", "/v1/\(service)/openapi.json")
                    #expect(reply.status == 200, "\(service) while others were slow", sourceLocation: sourceLocation)
                }
                return slow.allSatisfy(\.connection.isClosed) ? () : nil
            }
            for (service, connection) in slow where service != "gateway" {
                let reply = try await connection.reply(within: .seconds(5))
                #expect(
                    Refusal.flaw(of: reply, allowed: [408]) == nil, "\(service): \(reply.status) \(reply.text.prefix(200))",
                    sourceLocation: sourceLocation)
            }
        }
    }
}
