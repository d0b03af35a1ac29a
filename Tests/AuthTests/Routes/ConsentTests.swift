import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct ConsentTests {
    private struct Registration: Encodable {
        var email: String
        var password = AuthTest.password
        var consents: [String: JSONValue]
    }

    @Test func `Every change of a consent is kept, with its date, its text and where it came from`() async throws {
        try await AuthTest.with { auth in
            let body = Registration(
                email: "maria@example.org", consents: ["gdpr": .flag(true), "marketing": .flag(true), "text_version": .text("2026-10")])
            #expect(try await auth.service.post("/v1/auth/register", body).status == 202)
            let headers = auth.headers(try await auth.login("maria@example.org").json())
            let changes: [[String: JSONValue]] = [["marketing": .flag(true)], ["marketing": .flag(false), "analytics": .flag(true)]]
            for change in changes {
                #expect(try await auth.service.patch("/v1/users/me", ["consents": change], headers: headers).status == 200)
            }
            let history: Page<ConsentRecord> = try await auth.service.get("/v1/users/me/consents", headers: headers).json()
            let told = history.items.map { "\($0.purpose.rawValue) \($0.isGiven) \($0.textVersion) \($0.source)" }
            #expect(Set(told.prefix(2)) == ["marketing false 1 profile", "analytics true 1 profile"])
            #expect(Set(told.dropFirst(2)) == ["gdpr true 2026-10 registration", "marketing true 2026-10 registration"])
            #expect(history.items.allSatisfy { $0.ipAddress != nil })
            let event = try await auth.tap.first(ConsentChanged.self) { $0.purpose == "marketing" && !$0.isGiven }
            #expect(event.textVersion == "1")
            let other = auth.headers(try await auth.signedIn("paul@example.org"))
            #expect(try await auth.service.get("/v1/users/me/consents", headers: other).json(Page<ConsentRecord>.self).items.isEmpty)
        }
    }
}
