import Foundation
import ServiceKit

/// What a person gets for signing in or refreshing.
struct SignIn: Codable, Sendable {
    var accessToken: String
    var tokenType = "Bearer"
    /// Seconds.
    var expiresIn = Int(AccessClaims.lifetime.components.seconds)
    var refreshToken: String
    var sessionID: UUID
    var user: User

    enum CodingKeys: String, CodingKey {
        case user
        case accessToken = "access_token"
        case tokenType = "token_type"
        case expiresIn = "expires_in"
        case refreshToken = "refresh_token"
        case sessionID = "session_id"
    }
}
