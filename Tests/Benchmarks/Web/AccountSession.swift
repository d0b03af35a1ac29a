import Foundation

/// Somebody's session, refreshed by one task at a time.
actor AccountSession {
    private struct Tokens: Codable {
        var accessToken: String?
        var refreshToken: String
        enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case refreshToken = "refresh_token"
        }
    }

    private let gateway: Gateway
    private var refreshToken: String

    /// - Parameter signIn: The answer to the sign-in.
    init(gateway: Gateway, signIn: Data) throws {
        self.gateway = gateway
        refreshToken = try JSONDecoder().decode(Tokens.self, from: signIn).refreshToken
    }

    /// The new access token.
    func refresh() async throws -> String {
        let answer = try await gateway.post("/v1/auth/refresh", JSONEncoder().encode(Tokens(refreshToken: refreshToken)))
        let tokens = try JSONDecoder().decode(Tokens.self, from: answer)
        refreshToken = tokens.refreshToken
        return tokens.accessToken ?? ""
    }
}
