import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Postgres
import Synchronization
import TestKit
import Testing

@testable import ServiceKit

@Suite struct IdempotencyTests {
    private final class Effects: Sendable {
        private let count = Mutex(0)
        var total: Int { count.withLock { $0 } }
        func happen() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    @Test func theSameRequestGetsTheSameAnswerAndTakesEffectOnce() async throws {
        try await running { client, effects, _ in
            let first = try await client.execute(
                uri: "/things?a=1", method: .post, headers: [.idempotencyKey: "\"k-1\""], body: ByteBuffer(string: "{}"))
            #expect(first.status == .created)
            #expect(first.headers[.location] == "/things/1")
            #expect(first.headers[.idempotencyReplayed] == nil)
            let again = try await client.execute(uri: "/things?a=1", method: .post, headers: [.idempotencyKey: "k-1"], body: ByteBuffer(string: "{}"))
            #expect(again.status == .created)
            #expect(again.headers[.location] == "/things/1")
            #expect(again.headers[.idempotencyReplayed] == "true")
            #expect(again.body == first.body)
            #expect(effects.total == 1)
        }
    }

    @Test func anotherRequestWithTheSameKeyIsRefused() async throws {
        try await running { client, effects, _ in
            _ = try await client.execute(uri: "/things", method: .post, headers: [.idempotencyKey: "k"], body: ByteBuffer(string: "{}"))
            for (uri, body) in [("/things", "{\"a\":1}"), ("/things?b=1", "{}"), ("/refusals", "{}")] {
                let other = try await client.execute(uri: uri, method: .post, headers: [.idempotencyKey: "k"], body: ByteBuffer(string: body))
                #expect(other.status == .unprocessableContent)
                #expect(String(buffer: other.body).contains("urn:hearth:problem:idempotency-key-reused"))
            }
            #expect(effects.total == 1)
        }
    }

    @Test func aKeyBelongsToItsCaller() async throws {
        try await running { client, effects, _ in
            for user in [UUID(), UUID()] {
                let headers: HTTPFields = [.idempotencyKey: "k", Answering.user: user.uuidString]
                let answer = try await client.execute(uri: "/things", method: .post, headers: headers, body: ByteBuffer(string: "{}"))
                #expect(answer.headers[.idempotencyReplayed] == nil)
            }
            #expect(effects.total == 2)
        }
    }

    @Test func withoutAKeyEveryRequestTakesEffect() async throws {
        try await running { client, effects, _ in
            for _ in 0..<2 { _ = try await client.execute(uri: "/things", method: .post, body: ByteBuffer(string: "{}")) }
            #expect(effects.total == 2)
        }
    }

    @Test func whileTheFirstIsUnderWayTheSecondIsAConflict() async throws {
        try await running { client, effects, idempotency in
            let request = Request(
                head: .init(method: .post, scheme: nil, authority: nil, path: "/things"), body: .init(buffer: ByteBuffer(string: "{}")))
            let key = IdempotencyKey("k", request, body: ByteBuffer(string: "{}"), caller: nil)
            guard case .granted(let claim) = try await idempotency.claim(key, for: .seconds(60)) else {
                Issue.record("a new key was not granted")
                return
            }
            let second = try await client.execute(uri: "/things", method: .post, headers: [.idempotencyKey: "k"], body: ByteBuffer(string: "{}"))
            #expect(second.status == .conflict)
            #expect(String(buffer: second.body).contains("urn:hearth:problem:idempotency-key-in-progress"))
            try await idempotency.release(key, claim)
            let third = try await client.execute(uri: "/things", method: .post, headers: [.idempotencyKey: "k"], body: ByteBuffer(string: "{}"))
            #expect(third.status == .created)
            #expect(effects.total == 1)
        }
    }

    @Test func aClaimWhoseTimeIsOverPassesOnAndCannotSettleAnyMore() async throws {
        try await running { _, _, idempotency in
            var key = IdempotencyKey(
                "k", Request(head: .init(method: .post, scheme: nil, authority: nil, path: "/"), body: .init(buffer: .init())), body: nil, caller: nil
            )
            guard case .granted(let old) = try await idempotency.claim(key, for: .seconds(-1)),
                case .granted(let new) = try await idempotency.claim(key, for: .seconds(60))
            else {
                Issue.record("the claim did not pass on")
                return
            }
            try await idempotency.complete(key, old, with: KeptResponse(status: 200, headers: [:], body: [1]))
            try await idempotency.release(key, old)
            guard case .inProgress = try await idempotency.claim(key, for: .seconds(60)) else {
                Issue.record("the old claim settled")
                return
            }
            try await idempotency.complete(key, new, with: KeptResponse(status: 200, headers: [:], body: [2]))
            guard case .answered(let kept) = try await idempotency.claim(key, for: .seconds(60)) else {
                Issue.record("the answer was not kept")
                return
            }
            #expect(kept.body == [2])
            key.fingerprint = "other"
            guard case .reused = try await idempotency.claim(key, for: .seconds(60)) else {
                Issue.record("another request was taken for the same")
                return
            }
        }
    }

    @Test func aRefusalIsKeptAndAFaultIsNot() async throws {
        try await running { client, effects, _ in
            for expected in [nil, "true"] {
                let refusal = try await client.execute(
                    uri: "/refusals", method: .post, headers: [.idempotencyKey: "r"], body: ByteBuffer(string: "{}"))
                #expect(refusal.status == .conflict)
                #expect(refusal.headers[.idempotencyReplayed] == expected)
            }
            for _ in 0..<2 {
                let fault = try await client.execute(uri: "/faults", method: .post, headers: [.idempotencyKey: "f"], body: ByteBuffer(string: "{}"))
                #expect(fault.status == .internalServerError)
            }
            #expect(effects.total == 3)
        }
    }

    @Test func whoIsNotSignedInOccupiesNoKey() async throws {
        try await running { client, effects, _ in
            for body in ["{}", "{\"a\":1}"] {
                let refusal = try await client.execute(
                    uri: "/signed-in", method: .post, headers: [.idempotencyKey: "s"], body: ByteBuffer(string: body))
                #expect(refusal.status == .unauthorized)
                #expect(refusal.headers[.idempotencyReplayed] == nil)
            }
            #expect(effects.total == 2)
        }
    }

    @Test func anUploadStreamsOnAndIsReplayed() async throws {
        try await running { client, effects, _ in
            let headers: HTTPFields = [.idempotencyKey: "u", .contentType: "multipart/form-data; boundary=x"]
            let body = ByteBuffer(repeating: 65, count: 3_000_000)
            for expected in [nil, "true"] {
                let answer = try await client.execute(uri: "/uploads", method: .post, headers: headers, body: body)
                #expect(String(buffer: answer.body) == "3000000")
                #expect(answer.headers[.idempotencyReplayed] == expected)
            }
            #expect(effects.total == 1)
        }
    }

    @Test(arguments: ["", "\"\"", "a b", String(repeating: "x", count: 256), "ü"])
    func aKeyThatIsNoneIsABadRequest(key: String) throws {
        #expect(throws: APIError.self) { try IdempotencyKey.value([.idempotencyKey: key]) }
    }

    @Test func whatHasExpiredIsDropped() async throws {
        try await TestDatabase.with { database in
            let idempotency = try await Self.idempotency(on: database)
            try await database.postgres.execute(
                """
                INSERT INTO idempotency_keys (scope, key, fingerprint, locked_until, expires_at)
                VALUES ('a', 'old', 'f', now(), now() - interval '1 second'), ('a', 'new', 'f', now(), now() + interval '1 hour')
                """)
            #expect(try await idempotency.dropExpired() == 1)
            let left: [String] = try await database.postgres.rows("SELECT key FROM idempotency_keys").map { try $0["key"] }
            #expect(left == ["new"])
        }
    }

    private func running(
        _ body: @escaping @Sendable (any TestClientProtocol, Effects, Idempotency) async throws -> Void
    ) async throws {
        try await TestDatabase.with { database in
            let idempotency = try await Self.idempotency(on: database)
            let effects = Effects()
            let router = Router(context: APIContext.self)
            router.add(middleware: Answering())
            router.add(middleware: IdempotencyMiddleware(idempotency))
            router.post("things") { _, _ in
                let number = effects.happen()
                return Response(
                    status: .created, headers: [.location: "/things/\(number)"], body: .init(byteBuffer: ByteBuffer(string: "thing \(number)")))
            }
            router.post("refusals") { _, _ -> Response in
                _ = effects.happen()
                throw APIError.conflict("taken", "It is taken.")
            }
            router.post("signed-in") { _, _ -> Response in
                _ = effects.happen()
                throw APIError.unauthorized
            }
            router.post("faults") { _, _ -> Response in
                _ = effects.happen()
                throw CocoaError(.featureUnsupported)
            }
            router.post("uploads") { request, _ in
                _ = effects.happen()
                var count = 0
                for try await part in request.body { count += part.readableBytes }
                return String(count)
            }
            try await Application(router: router).test(.router) { try await body($0, effects, idempotency) }
        }
    }

    private static func idempotency(on database: TestDatabase) async throws -> Idempotency {
        let file = URL(filePath: #filePath).appending(path: "../../../../Shared/Messaging/Migrations/0000_messaging.sql").standardized
        let text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: "CREATE TABLE idempotency_keys"))
        let end = try #require(text.range(of: ";", range: start.upperBound..<text.endIndex))
        try await database.postgres.execute(SQL(unsafe: String(text[start.lowerBound..<end.lowerBound])))
        let encryption = try Encryption(keys: "test:\(Data(repeating: 7, count: 32).base64EncodedString())")
        return Idempotency(database.postgres, encryption: encryption, logger: TestDatabase.logger)
    }
}
