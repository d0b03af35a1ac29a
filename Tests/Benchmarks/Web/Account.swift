import AsyncHTTPClient
import Foundation
import NIOCore

/// Somebody with an account, who signs in through the gateway.
struct Account {
    let gateway: Gateway
    private let credentials: Data

    private struct Credentials: Encodable {
        var email = "bench-\(UUID().uuidString.lowercased())@hearth.example"
        var password = "a long passphrase \(UUID().uuidString)"
    }

    private struct SignIn: Decodable {
        var accessToken: String
        enum CodingKeys: String, CodingKey { case accessToken = "access_token" }
    }

    /// Opens the account.
    init(gateway: Gateway) async throws {
        self.gateway = gateway
        credentials = try JSONEncoder().encode(Credentials())
        _ = try await gateway.post("/v1/auth/register", credentials)
    }

    /// Signs in; the session with its refresh token.
    func session() async throws -> AccountSession {
        try AccountSession(gateway: gateway, signIn: await gateway.post("/v1/auth/login", credentials))
    }

    /// Signs in; the access token.
    func signIn() async throws -> String {
        try JSONDecoder().decode(SignIn.self, from: try await gateway.post("/v1/auth/login", credentials)).accessToken
    }
}
