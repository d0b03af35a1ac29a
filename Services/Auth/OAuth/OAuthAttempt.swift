import Foundation
import Postgres

/// Somebody who has gone to a provider and come back, as it lies in the database.
struct OAuthAttempt: Sendable, RowDecodable {
    var provider: String
    var nonce: String
    var codeVerifier: Data
    var device: DeviceInfo?

    static let columns: SQL = "provider, nonce, code_verifier_encrypted, device_info"

    init(row: Row) throws {
        provider = try row["provider"]
        nonce = try row["nonce"]
        codeVerifier = try row["code_verifier_encrypted"]
        device = try row.jsonIfPresent("device_info")
    }
}

/// Where the browser goes, and what the client keeps until it is back.
struct BegunOAuth: Codable, Sendable {
    var authorizationURL: String
    var attemptToken: String
    /// Seconds.
    var expiresIn = Lifetimes.oauthAttempt

    enum CodingKeys: String, CodingKey {
        case authorizationURL = "authorization_url"
        case attemptToken = "attempt_token"
        case expiresIn = "expires_in"
    }
}
