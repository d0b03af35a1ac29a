import Contracts
import Foundation
import Logging
import Messaging
import NIOHTTP1
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct ErasureTests {
    private func delete(_ auth: AuthTest, _ signIn: SignIn) async throws -> StartedErasure {
        var headers = auth.headers(signIn)
        headers.add(name: "Content-Type", value: "application/json")
        let answer = try await auth.service.request(
            .DELETE, "/v1/users/me", body: Array(#"{"password":"\#(AuthTest.password)"}"#.utf8), headers: headers)
        #expect(answer.status == 202, "\(answer)")
        return try answer.json()
    }

    @Test func `Whoever has gone follows by token how each service forgets them, until the last one has`() async throws {
        try await AuthTest.with { auth in
            let maria = try await auth.signedIn("maria@example.org")
            let started = try await delete(auth, maria)
            let path = "/v1/auth/erasures?token=\(started.token)"
            #expect(started.statusURL.hasSuffix(path))
            let first: Erasure = try await auth.service.get(path).json()
            #expect(first.id == started.erasureID && first.status == "in_progress")
            #expect(first.services.filter { $0.completedAt != nil }.map(\.service) == ["auth"])
            let own = try #require(first.services.first { $0.service == "auth" }?.tables)
            #expect(own.first { $0.table == "user_sessions" }.map { "\($0.action) \($0.rows) \($0.remaining)" } == "deleted 1 0")
            #expect(own.first { $0.table == "users" }?.reason != nil)

            for service in ServiceName.allCases where service != .auth {
                #expect(try await auth.service.get(path).json(Erasure.self).status == "in_progress")
                // Twice: a receipt may come again.
                for _ in 0..<2 { try await send(RecordErasure(userID: maria.user.id, tables: []), from: service, auth) }
                try await eventually {
                    try await auth.service.get(path).json(Erasure.self).services.contains { $0.service == service.rawValue && $0.completedAt != nil }
                }
            }
            let last: Erasure = try await auth.service.get(path).json()
            #expect(last.status == "complete" && last.completedAt != nil)
            #expect(try await auth.service.get("/v1/auth/erasures?token=\(OpaqueToken.random().text)").status == 404)
            #expect(try await auth.service.get("/v1/auth/erasures").status == 404)
        }
    }

    @Test func `Somebody without a password goes after a fresh sign-in or a second factor, and after nothing less`() async throws {
        try await FactorStage.with { stage in
            let auth = stage.auth
            func act(_ method: HTTPMethod, _ path: String, _ body: String, _ who: HTTPHeaders) async throws -> TestResponse {
                try await auth.service.request(method, path, body: Array(body.utf8), headers: who.merged(["Content-Type": "application/json"]))
            }
            let maria = try await auth.signedIn("maria@example.org")
            // With a password nothing else will do, however fresh the sign-in is.
            for (method, path) in [(HTTPMethod.DELETE, "/v1/users/me"), (.POST, "/v1/users/me/deactivate")] {
                #expect(try await act(method, path, "{}", auth.headers(maria)).status == 422)
            }
            _ = try await auth.sql("UPDATE users SET password_hash = NULL")
            _ = try await auth.sql("UPDATE user_sessions SET authenticated_at = now() - interval '1 hour' WHERE user_id = \(maria.user.id)")
            for (method, path, body) in [
                (HTTPMethod.DELETE, "/v1/users/me", "{}"), (.DELETE, "/v1/users/me", #"{"password":"whatever it is"}"#),
                (.POST, "/v1/users/me/deactivate", "{}"), (.POST, "/v1/users/me/email", #"{"email":"new@example.org"}"#),
                (.POST, "/v1/auth/password/change", #"{"new_password":"quite another sentence"}"#),
            ] {
                #expect(try await act(method, path, body, auth.headers(maria)).problem == "sign-in-again", "\(path)")
            }
            _ = try await auth.sql("UPDATE user_sessions SET authenticated_at = now() WHERE user_id = \(maria.user.id)")
            #expect(try await act(.POST, "/v1/users/me/email", #"{"email":"new@example.org"}"#, auth.headers(maria)).status == 202)
            #expect(try await act(.DELETE, "/v1/users/me", "{}", auth.headers(maria)).status == 202)

            // With a second factor: that, and shown a short while ago.
            _ = try await auth.sql("UPDATE user_sessions SET authenticated_at = now() - interval '1 hour'")
            try await stage.forgetSecondFactor(in: stage.signIn.sessionID)
            for (method, path) in [(HTTPMethod.DELETE, "/v1/users/me"), (.POST, "/v1/users/me/deactivate")] {
                try await eventually { try await act(method, path, "{}", stage.headers).problem == "second-factor-required" }
            }
            let code = try await stage.code()
            let shown: ChallengeRoutes.SteppedUp = try await stage.stepUp(.totp, code, headers: stage.headers).json()
            let stepped: HTTPHeaders = ["Authorization": "Bearer \(shown.accessToken)"]
            // Their first password, and with it they go.
            let chosen = try await act(.POST, "/v1/auth/password/change", #"{"new_password":"quite another sentence"}"#, stepped)
            #expect(chosen.status == 204, "\(chosen)")
            #expect(try await act(.DELETE, "/v1/users/me", "{}", stepped).status == 422)
            #expect(try await act(.DELETE, "/v1/users/me", #"{"password":"quite another sentence"}"#, stepped).status == 202)
        }
    }

    @Test func `How often somebody asked, and their picture, go with them`() async throws {
        try await AuthTest.with { auth in
            let maria = try await auth.signedIn("maria@example.org")
            let id = maria.user.id.uuidString.lowercased()
            _ = try await auth.sql(
                """
                INSERT INTO api_rate_limits (identifier, identifier_type, endpoint, limit_per_window, window_seconds, window_start, window_end)
                VALUES (\(id), 'user', 'user', 10, 60, now(), now() + interval '1 min'), ('192.0.2.1', 'ip', 'anonymous', 10, 60, now(), now() + interval '1 min')
                """)
            var headers = auth.headers(maria)
            headers.add(name: "Content-Type", value: "image/png")
            #expect(try await auth.service.request(.PUT, "/v1/users/me/avatar", body: AvatarTests.png, headers: headers).status == 200)
            _ = try await delete(auth, maria)
            #expect(try await auth.sql("SELECT 1 AS one FROM api_rate_limits").count == 1)
            #expect(try await auth.sql("SELECT 1 AS one FROM user_avatars").isEmpty)
        }
    }

    /// As another service's outbox does.
    private func send(_ receipt: RecordErasure, from service: ServiceName, _ auth: AuthTest) async throws {
        try await auth.service.broker.connected(service) { broker in
            let data = String(decoding: try JSONEncoder.hearth.encode(receipt), as: UTF8.self)
            let id = UUID.v7().uuidString.lowercased()
            let event = """
                {"specversion":"1.0","id":"\(id)","source":"/hearth/\(service.rawValue)","type":"\(RecordErasure.name)",
                "time":"\(Date().formatted(.iso8601))","datacontenttype":"application/json","data":\(data)}
                """
            try await broker.publish(
                OutgoingMessage(exchange: Topology.events, routingKey: RecordErasure.name, body: Array(event.utf8), messageID: id, mandatory: true))
        }
    }

    @Test func `Of fifty deletions at once exactly one wins`() async throws {
        try await AuthTest.with(settings: ["RATE_LIMIT_USER": "off"]) { auth in
            let maria = try await auth.signedIn("maria@example.org")
            var headers = auth.headers(maria)
            headers.add(name: "Content-Type", value: "application/json")
            let (body, sent) = (Array(#"{"password":"\#(AuthTest.password)"}"#.utf8), headers)
            let answers = try await AuthTest.together(50) { try await auth.service.request(.DELETE, "/v1/users/me", body: body, headers: sent) }
            #expect(answers.filter { $0.status == 202 }.count == 1)
            #expect(answers.allSatisfy { [202, 401, 404, 422, 503].contains($0.status) })
            #expect(try await auth.sql("SELECT 1 AS one FROM erasures").count == 1)
        }
    }
}
