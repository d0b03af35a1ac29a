import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct RegistrationTests {
    @Test func `Registering tells the other services and mails a sealed link`() async throws {
        try await AuthTest.with { auth in
            #expect(try await auth.register("Maria@Example.org").status == 202)
            let event = try await auth.tap.first(UserRegistered.self)
            #expect(event.user.email == "maria@example.org")
            #expect(event.user.userType == "seeker" && event.user.role == "user" && !event.user.emailVerified)
            let mail = try await auth.tap.first(EventTap.Mail.self)
            #expect(mail.toEmail == "maria@example.org" && mail.template == "verify_email")
            let sealed = try #require(mail.sealedData["link"].flatMap { Data(base64Encoded: $0) })
            let link = try auth.service.platform.encryption.openString(Array(sealed), context: "campaigns.email.link")
            let token = try #require(link.split(separator: "=").last)
            #expect(try await auth.service.post("/v1/auth/verify-email", ["token": String(token)]).status == 204)
            #expect(try await auth.tap.first(UserUpdated.self).user.emailVerified)
        }
    }

    @Test func `A known address is answered alike, and only its owner learns it`() async throws {
        try await AuthTest.with { auth in
            let first = try await auth.register("known@example.org")
            let second = try await auth.register("known@example.org", password: "another long sentence")
            #expect(first.status == second.status)
            #expect(try first.json(Accepted.self).message == second.json(Accepted.self).message)
            #expect(try await auth.tap.first(EventTap.Mail.self) { $0.template == "account_exists" }.toEmail == "known@example.org")
            #expect(try await auth.login("known@example.org", password: "another long sentence").status == 401)
            #expect(try await auth.login("known@example.org").status == 200)
        }
    }

    @Test func `Asking again for the verification mail is answered alike for every address`() async throws {
        try await AuthTest.with { auth in
            try await auth.register("known@example.org")
            let known = try await auth.paced { try await auth.service.post("/v1/auth/verify-email/resend", ["email": "known@example.org"]) }
            let unknown = try await auth.paced { try await auth.service.post("/v1/auth/verify-email/resend", ["email": "unknown@example.org"]) }
            #expect(known.status == 202 && unknown.status == 202)
            #expect(try known.json(Accepted.self).message == unknown.json(Accepted.self).message)
        }
    }

    @Test func `Of fifty uses of one verification token exactly one wins`() async throws {
        try await AuthTest.with { auth in
            try await auth.register("maria@example.org")
            let token = OpaqueToken.random()
            try await auth.plant(
                token, in: "email_verification_token_hash", expires: "email_verification_expires", of: "maria@example.org")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 { group.addTask { try await auth.service.post("/v1/auth/verify-email", ["token": token.text]).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 204 }.count == 1)
            #expect(statuses.filter { $0 == 422 }.count == 49)
        }
    }

    @Test func `A link to verify an address has its time`() async throws {
        try await AuthTest.with { auth in
            try await auth.register("maria@example.org")
            let token = try await auth.token(of: "verify_email", to: "maria@example.org")
            _ = try await auth.sql("UPDATE users SET email_verification_expires = now() - interval '1 second'")
            #expect(try await auth.service.post("/v1/auth/verify-email", ["token": token]).problem == "useless-token")
            #expect(try await auth.sql("SELECT email_verified FROM users")[0]["email_verified"] == false)
        }
    }

    @Test func `Every bad field is told at once`() async throws {
        try await AuthTest.with { auth in
            let answer = try await auth.service.post(
                "/v1/auth/register", ["email": "nobody", "password": "short", "locale": "Klingon", "timezone": "Mars"])
            #expect(answer.status == 422 && answer.problem == "invalid")
            struct Body: Decodable { var errors: [FieldError] }
            #expect(try answer.json(Body.self).errors.map(\.pointer) == ["/email", "/password", "/locale", "/timezone"])
        }
    }

    @Test func `The page of a link uses no token up before its button is pressed`() async throws {
        try await AuthTest.with { auth in
            try await auth.register("maria@example.org")
            let token = OpaqueToken.random()
            try await auth.plant(
                token, in: "email_verification_token_hash", expires: "email_verification_expires", of: "maria@example.org")
            for _ in 0..<2 {
                let page = try await auth.service.get("/v1/auth/verify-email?token=\(token.text)")
                #expect(page.status == 200 && page.text.contains(token.text))
            }
            let form = Array("token=\(token.text)".utf8)
            let headers = ["Content-Type": "application/x-www-form-urlencoded"]
            let pressed = try await auth.service.request(.POST, "/v1/auth/verify-email/page", body: form, headers: .init(Array(headers)))
            #expect(pressed.status == 200)
            let again = try await auth.service.request(.POST, "/v1/auth/verify-email/page", body: form, headers: .init(Array(headers)))
            #expect(again.status == 422)
            let hostile = try await auth.service.get("/v1/auth/verify-email?token=%22%3E%3Cscript%3E")
            #expect(!hostile.text.contains("<script>"))
        }
    }
}
