import Foundation

/// Somebody new, step by step: registers, follows the link in the mail, and signs in.
package struct Registration: Sendable {
    package let email: String
    package let password: String
    private let gateway: HearthClient
    private let mail: MailCatcher

    package init(email: String, firstName: String, gateway: HearthClient, mail: MailCatcher) {
        self.email = email
        password = "\(firstName) \(UUID().uuidString.prefix(18))"
        self.gateway = gateway
        self.mail = mail
    }

    package func register(as userType: String, firstName: String, headers: [String: String] = [:]) async throws {
        let registration: JSON = [
            "email": .text(email), "password": .text(password), "first_name": .text(firstName), "last_name": "Sommer",
            "user_type": .text(userType), "locale": "de-DE", "consents": ["gdpr": true, "data_processing": true],
        ]
        _ = try await gateway.send("POST", "/v1/auth/register", json: registration, headers: headers).expecting(202, "POST /v1/auth/register")
    }

    /// What the link in the mail carries, once the mail has come.
    package func confirmationToken() async throws -> String {
        let link = /\/v1\/auth\/verify-email\?token=([A-Za-z0-9_-]+)/
        let mail = try await mail.wait(for: "the mail that confirms an address", to: email) { ($0.text ?? "").contains(link) }
        guard let token = (mail.text ?? "").firstMatch(of: link)?.1 else { throw StepFailure("The mail that confirms an address has no link.") }
        return String(token)
    }

    package func confirm(_ token: String) async throws -> Person {
        _ = try await gateway.post("/v1/auth/verify-email", ["token": .text(token)], expecting: 204)
        return try await signIn()
    }

    /// Another session of the same person.
    package func signIn() async throws -> Person { try await Person.signIn(email, password: password, at: gateway) }
}
