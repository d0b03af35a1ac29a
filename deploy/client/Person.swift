import Foundation

/// Somebody with an account: who they are, and what they hold to show it.
package struct Person: Sendable {
    package var id: String
    package var email: String
    package var sessionID: String
    package var refreshToken: String
    package var client: HearthClient

    package init(_ signIn: JSON, at gateway: HearthClient) throws {
        guard let id = signIn["user"]["id"].string, let email = signIn["user"]["email"].string, let session = signIn["session_id"].string,
            let access = signIn["access_token"].string, let refresh = signIn["refresh_token"].string
        else { throw StepFailure("The answer to a sign-in lacks something: it has \(signIn.fields.keys.sorted().joined(separator: ", ")).") }
        self.id = id
        self.email = email
        sessionID = session
        refreshToken = refresh
        client = gateway.signedIn(access)
    }

    package static func signIn(_ email: String, password: String, at gateway: HearthClient) async throws -> Person {
        try Person(try await gateway.post("/v1/auth/login", ["email": .text(email), "password": .text(password)]), at: gateway)
    }

    /// The same session with new tokens, which know what has changed since.
    package func refreshed() async throws -> Person {
        let gateway = HearthClient(baseURL: client.baseURL)
        return try Person(try await gateway.post("/v1/auth/refresh", ["refresh_token": .text(refreshToken)]), at: gateway)
    }
}
