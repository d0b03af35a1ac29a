import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct EmailChangeTests {
    private let new = "mia@example.com"
    private let old = "mia@example.org"

    private func ask(_ auth: AuthTest, _ signIn: SignIn, password: String = AuthTest.password) async throws -> TestResponse {
        try await auth.service.post("/v1/users/me/email", ["email": new, "password": password], headers: auth.headers(signIn))
    }

    @Test func `Another address takes effect once it is confirmed, and both are told`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn(old)
            #expect(try await ask(auth, signIn, password: "not my password").problem == "wrong-password")
            #expect(try await ask(auth, signIn).status == 202)
            #expect(try await auth.tap.first(EventTap.Mail.self) { $0.template == "email_change_asked" }.toEmail == old)
            #expect(try await auth.login(old).status == 200)
            #expect(try await auth.login(new).status == 401)

            let token = try await auth.token(of: "email_change_confirm", to: new)
            #expect(try await auth.service.get("/v1/auth/email-change?token=\(token)").status == 200)
            #expect(try await auth.service.post("/v1/auth/email-change", ["token": token]).status == 204)
            #expect(try await auth.service.post("/v1/auth/email-change", ["token": token]).problem == "useless-token")
            #expect(try await auth.login(old).status == 401)
            let again: SignIn = try await auth.login(new).json()
            #expect(again.user.email == new && again.user.emailVerified && again.user.id == signIn.user.id)
            #expect(try await auth.tap.first(UserUpdated.self) { $0.user.email == new }.user.version == again.user.version)
            for address in [old, new] { _ = try await auth.tap.first(EventTap.Mail.self) { $0.template == "email_changed" && $0.toEmail == address } }
        }
    }

    @Test func `The old address takes it back: the password is void, and everything signed in ends`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn(old)
            _ = try await ask(auth, signIn)
            let token = try await auth.token(of: "email_change_confirm", to: new)
            #expect(try await auth.service.post("/v1/auth/email-change", ["token": token]).status == 204)
            let back = try await auth.token(of: "email_changed", to: old)
            #expect(try await auth.service.get("/v1/auth/email-change/take-back?token=\(back)").text.contains(back))
            let form = Array("token=\(back)".utf8)
            let headers: [(String, String)] = [("Content-Type", "application/x-www-form-urlencoded")]
            let page = "/v1/auth/email-change/take-back/page"
            #expect(try await auth.service.request(.POST, page, body: form, headers: .init(headers)).status == 200)
            #expect(try await auth.service.request(.POST, page, body: form, headers: .init(headers)).status == 422)
            for (change, before, after) in [("email_changed", old, new), ("email_taken_back", new, old)] {
                let told = try await auth.tap.first(AccountChanged.self) { $0.change == change }
                #expect(told.before?.email == before && told.after?.email == after)
            }
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(signIn)).status == 401)
            for address in [old, new] { #expect(try await auth.login(address).status == 401) }

            let reset = try await auth.token(of: "password_reset", to: old)
            let choice = ["token": reset, "password": "quite another sentence"]
            #expect(try await auth.service.post("/v1/auth/password/reset", choice).status == 204)
            #expect(try await auth.login(old, password: "quite another sentence").status == 200)
        }
    }

    @Test func `An address that somebody has is answered alike, and only its owner learns it`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn(old)
            let free = try await auth.paced { try await ask(auth, signIn) }
            try await auth.register(new)
            let taken = try await auth.paced { try await ask(auth, signIn) }
            #expect(free.status == 202 && taken.status == 202)
            #expect(try free.json(Accepted.self).message == taken.json(Accepted.self).message)
            #expect(try await auth.tap.first(EventTap.Mail.self) { $0.template == "account_exists" }.toEmail == new)
            // The token of before leads to an address that is somebody else's by now.
            let token = try await auth.token(of: "email_change_confirm", to: new)
            #expect(try await auth.service.post("/v1/auth/email-change", ["token": token]).problem == "email-taken")
            #expect(try await auth.login(old).status == 200)
        }
    }

    @Test func `Confirming and taking back have their time`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn(old)
            #expect(try await ask(auth, signIn).status == 202)
            let token = try await auth.token(of: "email_change_confirm", to: new)
            _ = try await auth.sql("UPDATE email_changes SET expires_at = now() - interval '1 second'")
            #expect(try await auth.service.post("/v1/auth/email-change", ["token": token]).problem == "useless-token")
            _ = try await auth.sql("UPDATE email_changes SET expires_at = now() + interval '1 hour'")
            #expect(try await auth.service.post("/v1/auth/email-change", ["token": token]).status == 204)
            let back = try await auth.token(of: "email_changed", to: old)
            _ = try await auth.sql("UPDATE email_changes SET revert_expires_at = now() - interval '1 second'")
            #expect(try await auth.service.post("/v1/auth/email-change/take-back", ["token": back]).problem == "useless-token")
            #expect(try await auth.login(new).status == 200)
        }
    }

    @Test func `Of fifty uses of one token exactly one wins`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn(old)
            _ = try await ask(auth, signIn)
            let token = try await auth.token(of: "email_change_confirm", to: new)
            let confirmed = try await AuthTest.together(50) { try await auth.service.post("/v1/auth/email-change", ["token": token]) }
            #expect(confirmed.filter { $0.status == 204 }.count == 1 && confirmed.filter { $0.status == 422 }.count == 49)
            let back = try await auth.token(of: "email_changed", to: old)
            let taken = try await AuthTest.together(50) { try await auth.service.post("/v1/auth/email-change/take-back", ["token": back]) }
            #expect(taken.filter { $0.status == 204 }.count == 1 && taken.filter { $0.status == 422 }.count == 49)
        }
    }
}
