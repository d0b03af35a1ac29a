import ClientKit
import Foundation
import TestKit
import Testing

@testable import Demo

extension EndToEnd {
    /// Two gibibytes, streamed: through the gateway and at the service's own port.
    @Suite struct BigUploadTests {
        private static let size = 2 << 30
        /// The limit of an upload, and what is on its way while the refusal travels.
        private static let patience = 256 << 20

        enum Door: String, CaseIterable, CustomTestStringConvertible {
            case gateway, service
            var testDescription: String { rawValue }
            func url(_ service: String) throws -> String {
                let name = self == .gateway ? "HEARTH_GATEWAY_URL" : "HEARTH_\(service.uppercased())_URL"
                return try #require(RunningSystem.environment[name])
            }
        }

        @Test(arguments: Door.allCases, [true, false])
        func `an upload of 2 GiB is refused early and leaves nothing`(at door: Door, announced: Bool) async throws {
            let stage = try await HostileStage.ready()
            try await expectTooLarge(
                stage, door, "documents", "POST /v1/documents?filename=big.bin", "application/octet-stream", announced: announced)
        }

        @Test(arguments: Door.allCases, [true, false])
        func `a JSON body of 2 GiB is refused early, by every service that takes one`(at door: Door, announced: Bool) async throws {
            let stage = try await HostileStage.ready()
            for (service, operations) in Dictionary(grouping: stage.operations.filter({ $0.body != nil }), by: \.service) {
                let operation = try #require(operations.first)
                let path = try await stage.ownPath(operation)
                try await expectTooLarge(stage, door, service, "\(operation.method) \(path)", "application/json", announced: announced)
            }
        }

        private func expectTooLarge(
            _ stage: HostileStage, _ door: Door, _ service: String, _ line: String, _ type: String, announced: Bool
        ) async throws {
            let before = try await Ledger.settled()
            let files = Self.files()
            let connection = try await RawConnection.open(door.url(service))
            try await connection.send(
                """
                \(line) HTTP/1.1\r
                Host: hearth\r
                Authorization: Bearer \(stage.owner.client.token ?? "")\r
                Content-Type: \(type)\r
                \(announced ? "Content-Length: \(Self.size)" : "Transfer-Encoding: chunked")\r
                \r\n
                """)
            let sent = await Self.flood(connection, chunked: !announced)
            let reply = try await connection.reply(within: .seconds(30))
            await connection.close()
            #expect(sent < Self.patience, "\(sent) bytes of \(line) were taken before the refusal")
            #expect(
                Refusal.flaw(of: reply, allowed: [413]) == nil, "\(line): \(Refusal.flaw(of: reply, allowed: [413]) ?? "") \(reply.text.prefix(200))")
            try await Waiting.expect("nothing of it being left", within: .seconds(30)) { Self.files() == files }
            #expect(try await Ledger.settled().changes(since: before) == [])
        }

        /// Sends until it is all there, an answer has come or the connection has ended; how many bytes went out.
        private static func flood(_ connection: RawConnection, chunked: Bool) async -> Int {
            let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 256 * 1024)
            let bytes = chunked ? Array("40000\r\n".utf8) + piece + Array("\r\n".utf8) : piece
            var sent = 0
            while sent < size, connection.status == nil, !connection.isClosed {
                do { try await connection.send(bytes) } catch { break }
                sent += piece.count
            }
            return sent
        }

        /// What lies in the folders of files and in the gateway's own for bodies.
        private static func files() -> [String] {
            let data = RunningSystem.root.appendingPathComponent(".local/test/data")
            return ["files", "gateway/state/body"].flatMap { folder in
                (FileManager.default.enumerator(atPath: data.appendingPathComponent(folder).path)?.compactMap { $0 as? String } ?? []).sorted()
            }
        }
    }
}
