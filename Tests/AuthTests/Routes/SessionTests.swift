import Contracts
import Foundation
import Messaging
import NIOHTTP1
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct SessionTests {
    @Test func `Signing out ends the session at once, here, in Redis and by event`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn("maria@example.org")
            let headers = auth.headers(signIn)
            #expect(try await auth.service.get("/v1/users/me", headers: headers).status == 200)
            #expect(try await auth.service.request(.POST, "/v1/auth/logout", headers: headers).status == 204)
            #expect(try await auth.service.get("/v1/users/me", headers: headers).status == 401)
            #expect(try await auth.refresh(signIn.refreshToken).status == 401)
            let key = SessionSnapshot.key(user: signIn.user.id, session: signIn.sessionID)
            #expect(try await auth.service.platform.redis.get(key) == nil)
            let event = try await auth.tap.first(SessionRevoked.self)
            #expect(event.sessionID == signIn.sessionID && event.userID == signIn.user.id && event.reason == "signed_out")
        }
    }

    @Test func `A sign-in leaves the session in Redis as every service reads it`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn("maria@example.org")
            let key = SessionSnapshot.key(user: signIn.user.id, session: signIn.sessionID)
            let bytes = try #require(try await auth.service.platform.redis.get(key))
            let session = try JSONDecoder.hearth.decode(SessionSnapshot.self, from: Data(bytes))
            #expect(session.userID == signIn.user.id && session.expiresAt > Date())
        }
    }

    @Test func `A person sees their sessions, ends one, and ends all others`() async throws {
        try await AuthTest.with { auth in
            let first = try await auth.signedIn("maria@example.org")
            let second: SignIn = try await auth.login("maria@example.org").json()
            let third: SignIn = try await auth.login("maria@example.org").json()
            let list: Page<Session> = try await auth.service.get("/v1/auth/sessions", headers: auth.headers(third)).json()
            #expect(list.items.map(\.id) == [third.sessionID, second.sessionID, first.sessionID])
            #expect(list.items.map(\.isCurrent) == [true, false, false])
            let id = second.sessionID.uuidString
            #expect(try await auth.service.delete("/v1/auth/sessions/\(id)", headers: auth.headers(third)).status == 204)
            #expect(try await auth.service.delete("/v1/auth/sessions/\(id)", headers: auth.headers(third)).status == 404)
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(second)).status == 401)
            let ended = try await auth.service.request(.POST, "/v1/auth/sessions/revoke-others", headers: auth.headers(third))
            #expect(try ended.json(SessionRoutes.Ended.self).ended == 1)
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(first)).status == 401)
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(third)).status == 200)
        }
    }

    @Test func `Nobody ends another's session`() async throws {
        try await AuthTest.with { auth in
            let maria = try await auth.signedIn("maria@example.org")
            let paul = try await auth.signedIn("paul@example.org")
            let answer = try await auth.service.delete(
                "/v1/auth/sessions/\(maria.sessionID.uuidString)", headers: auth.headers(paul))
            #expect(answer.status == 404)
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(maria)).status == 200)
        }
    }

    @Test func `A session says from which country it is used, where a proxy tells`() async throws {
        try await AuthTest.with(settings: ["CLIENT_COUNTRY_HEADER": "X-Country"]) { auth in
            let first = try await auth.signedIn("maria@example.org")
            func locations(_ headers: HTTPHeaders = [:]) async throws -> [String?] {
                let page: Page<Session> = try await auth.service.get("/v1/auth/sessions", headers: auth.headers(first).merged(headers)).json()
                return page.items.map(\.location?.country)
            }
            let body = ["email": "maria@example.org", "password": AuthTest.password]
            let second: SignIn = try await auth.service.post("/v1/auth/login", body, headers: ["X-Country": "DE"]).json()
            #expect(try await auth.service.post("/v1/auth/login", body, headers: ["X-Country": "nowhere"]).status == 200)
            #expect(try await locations() == [nil, "DE", nil])
            let refresh = ["refresh_token": second.refreshToken]
            #expect(try await auth.service.post("/v1/auth/refresh", refresh, headers: ["X-Country": "AT"]).status == 200)
            #expect(try await locations() == [nil, "AT", nil])
        }
    }

    @Test func `Whoever begins more sessions than there may be ends their oldest`() async throws {
        try await AuthTest.with { auth in
            let first = try await auth.signedIn("maria@example.org")
            let second: SignIn = try await auth.login("maria@example.org").json()
            _ = try await auth.sql(
                """
                INSERT INTO user_sessions (user_id, refresh_token_hash, expires_at)
                SELECT \(first.user.id), '\\x00', now() + interval '1 day' FROM generate_series(3, \(SignInStore.mostSessions))
                """)
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(first)).status == 200)
            let last: SignIn = try await auth.login("maria@example.org").json()
            #expect(try await auth.tap.first(SessionRevoked.self).sessionID == first.sessionID)
            try await eventually { try await auth.service.get("/v1/users/me", headers: auth.headers(first)).status == 401 }
            for signIn in [second, last] { #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(signIn)).status == 200) }
            #expect(try await auth.sql("SELECT count(*) AS n FROM user_sessions WHERE is_active")[0]["n"] == SignInStore.mostSessions)
        }
    }

    @Test func `Another service that asks learns of a session, and the cache is filled again`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn("maria@example.org")
            let key = SessionSnapshot.key(user: signIn.user.id, session: signIn.sessionID)
            try await auth.service.platform.redis.delete([key])
            try await Requester.with(auth.service.broker) { requests in
                let asked = ResolveSession(userID: signIn.user.id, sessionID: signIn.sessionID)
                #expect(try await requests.ask(asked, within: .seconds(10)).session?.locale == "de-DE")
                #expect(try await auth.service.platform.redis.get(key) != nil)
                let stranger = ResolveSession(userID: .v7(), sessionID: signIn.sessionID)
                #expect(try await requests.ask(stranger, within: .seconds(10)).session == nil)
                _ = try await auth.service.request(.POST, "/v1/auth/logout", headers: auth.headers(signIn))
                #expect(try await requests.ask(asked, within: .seconds(10)).session == nil)
                #expect(try await auth.service.platform.redis.get(key) == nil)
                let jwks = try await requests.ask(ListSigningKeys(), within: .seconds(10)).jwks
                #expect(try SigningKeySet(jwks: jwks).keys.count == 1)
            }
        }
    }
}
