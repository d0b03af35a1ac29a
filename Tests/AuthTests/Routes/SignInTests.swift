import Contracts
import Foundation
import Passwords
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct SignInTests {
    @Test func `Signing in gives a token that every service can verify with the published keys`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn("maria@example.org")
            #expect(signIn.tokenType == "Bearer" && signIn.expiresIn == 900 && signIn.user.email == "maria@example.org")
            let keys = try SigningKeySet(jwks: try await auth.service.get("/.well-known/jwks.json").text)
            let parts = signIn.accessToken.split(separator: ".")
            struct Header: Decodable { var alg: String, kid: String, typ: String }
            let header = try JSONDecoder().decode(Header.self, from: try #require(Data(base64URL: parts[0])))
            #expect(header.alg == "EdDSA" && header.typ == "JWT")
            let key = try #require(keys.keys[header.kid])
            let signature = try #require(Data(base64URL: parts[2]))
            #expect(key.isValidSignature(signature, for: Data("\(parts[0]).\(parts[1])".utf8)))
            let claims = try JSONDecoder().decode(AccessClaims.self, from: try #require(Data(base64URL: parts[1])))
            #expect(claims.userID == signIn.user.id && claims.sessionID == signIn.sessionID && !claims.emailVerified)
            #expect(claims.expiresAt - claims.issuedAt == 900)
            let me = try await auth.service.get("/v1/users/me", headers: auth.headers(signIn))
            #expect(try me.json(User.self).id == signIn.user.id)
            #expect(try await auth.tap.first(SessionStarted.self).sessionID == signIn.sessionID)
            let key2 = SessionSnapshot.key(user: signIn.user.id, session: signIn.sessionID)
            #expect(try await auth.service.platform.redis.get(key2) != nil)
        }
    }

    @Test func `Unknown address, wrong password and locked account are answered alike`() async throws {
        try await AuthTest.with { auth in
            try await auth.register("maria@example.org")
            let wrong = try await auth.login("maria@example.org", password: "not the password")
            let unknown = try await auth.login("unknown@example.org")
            for _ in 2...LockoutRule.tries { _ = try await auth.login("maria@example.org", password: "not the password") }
            let locked = try await auth.login("maria@example.org")
            for answer in [wrong, unknown, locked] {
                #expect(answer.status == 401 && answer.problem == "invalid-credentials")
            }
        }
    }

    @Test func `A lock ends by itself and a success forgets the failures`() async throws {
        try await AuthTest.with { auth in
            try await auth.register("maria@example.org")
            for _ in 1...LockoutRule.tries { _ = try await auth.login("maria@example.org", password: "not the password") }
            #expect(try await auth.login("maria@example.org").status == 401)
            _ = try await auth.sql("UPDATE users SET locked_until = now() - interval '1 second'")
            #expect(try await auth.login("maria@example.org").status == 200)
            let row = try #require(try await auth.sql("SELECT failed_login_attempts, login_count FROM users").first)
            #expect(try row["failed_login_attempts"] == 0)
            #expect(try row["login_count"] == 1)
        }
    }

    @Test func `A suspended account is told so only to whoever knows the password`() async throws {
        try await AuthTest.with { auth in
            try await auth.register("maria@example.org")
            _ = try await auth.sql("UPDATE users SET status = 'suspended'")
            #expect(try await auth.login("maria@example.org", password: "not the password").problem == "invalid-credentials")
            #expect(try await auth.login("maria@example.org").problem == "account-suspended")
        }
    }

    @Test func `A hash of a lower cost is made anew`() async throws {
        try await AuthTest.with(settings: ["BCRYPT_COST": "5"]) { auth in
            try await auth.register("maria@example.org")
            _ = try await auth.sql("UPDATE users SET password_hash = \(try Bcrypt.hash(AuthTest.password, cost: 4))")
            #expect(try await auth.login("maria@example.org").status == 200)
            let row = try #require(try await auth.sql("SELECT password_hash FROM users").first)
            #expect(Bcrypt.cost(of: try row["password_hash"]) == 5)
            #expect(try await auth.login("maria@example.org").status == 200)
        }
    }

    @Test("A forged or altered token is refused", arguments: ["none", "HS256", "payload", "kid", "signature"])
    func forged(how: String) async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn("maria@example.org")
            let token = try Forgery.of(signIn.accessToken, how)
            let answer = try await auth.service.get("/v1/users/me", headers: ["Authorization": "Bearer \(token)"])
            #expect(answer.status == 401)
        }
    }

    @Test func `A flood of sign-ins is refused with 503 and not queued without end`() async throws {
        try await AuthTest.with(settings: ["BCRYPT_COST": "8", "BCRYPT_THREADS": "1", "BCRYPT_WAITING": "1"]) { auth in
            let answers = try await withThrowingTaskGroup(of: TestResponse.self) { group in
                for _ in 0..<24 { group.addTask { try await auth.login("unknown@example.org") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map(\.status)).isSubset(of: [401, 503]))
            let refused = try #require(answers.first { $0.status == 503 })
            #expect(refused.headers.contains(name: "Retry-After"))
        }
    }
}
