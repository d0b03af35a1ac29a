import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct PasswordTests {
    private static let new = "another sentence, just as good"

    @Test func `Asking for a reset is answered alike for every address`() async throws {
        try await AuthTest.with { auth in
            try await auth.register("known@example.org")
            let known = try await auth.paced { try await auth.service.post("/v1/auth/password/forgot", ["email": "known@example.org"]) }
            let unknown = try await auth.paced { try await auth.service.post("/v1/auth/password/forgot", ["email": "unknown@example.org"]) }
            #expect(known.status == 202 && unknown.status == 202)
            #expect(try known.json(Accepted.self).message == unknown.json(Accepted.self).message)
            #expect(try await auth.tap.first(EventTap.Mail.self) { $0.template == "password_reset" }.toEmail == "known@example.org")
        }
    }

    @Test func `A reset sets the password once, verifies the address, ends every session and every lock`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn("maria@example.org")
            let token = OpaqueToken.random()
            try await auth.plant(token, in: "password_reset_token_hash", expires: "password_reset_expires", of: "maria@example.org")
            _ = try await auth.sql("UPDATE users SET locked_until = now() + interval '1 hour', failed_login_attempts = 9")
            let weak = try await auth.service.post("/v1/auth/password/reset", ["token": token.text, "password": "maria@example.org"])
            #expect(weak.status == 422 && weak.problem == "invalid")
            let body = ["token": token.text, "password": Self.new]
            #expect(try await auth.service.post("/v1/auth/password/reset", body).status == 204)
            #expect(try await auth.service.post("/v1/auth/password/reset", body).problem == "useless-token")
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(signIn)).status == 401)
            #expect(try await auth.tap.first(SessionRevoked.self).reason == "password_changed")
            #expect(try await auth.login("maria@example.org").status == 401)
            #expect(try await auth.login("maria@example.org", password: Self.new).json(SignIn.self).user.emailVerified)
        }
    }

    @Test func `A link to choose another password has its time`() async throws {
        try await AuthTest.with { auth in
            try await auth.register("maria@example.org")
            #expect(try await auth.service.post("/v1/auth/password/forgot", ["email": "maria@example.org"]).status == 202)
            let token = try await auth.token(of: "password_reset", to: "maria@example.org")
            _ = try await auth.sql("UPDATE users SET password_reset_expires = now() - interval '1 second'")
            let body = ["token": token, "password": Self.new]
            #expect(try await auth.service.post("/v1/auth/password/reset", body).problem == "useless-token")
            #expect(try await auth.login("maria@example.org").status == 200)
        }
    }

    @Test func `A change needs the old password and ends the other sessions`() async throws {
        try await AuthTest.with { auth in
            let other = try await auth.signedIn("maria@example.org")
            let own: SignIn = try await auth.login("maria@example.org").json()
            let wrong = ["current_password": "not the password", "new_password": Self.new]
            let refused = try await auth.service.post("/v1/auth/password/change", wrong, headers: auth.headers(own))
            #expect(refused.status == 422 && refused.problem == "wrong-password")
            let right = ["current_password": AuthTest.password, "new_password": Self.new]
            #expect(try await auth.service.post("/v1/auth/password/change", right, headers: auth.headers(own)).status == 204)
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(other)).status == 401)
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(own)).status == 200)
            #expect(try await auth.login("maria@example.org", password: Self.new).status == 200)
        }
    }
}
