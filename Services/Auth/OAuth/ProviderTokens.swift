import Foundation

/// What a provider gives for a code (RFC 6749 § 5.1).
struct ProviderTokens: Decodable, Sendable {
    var accessToken: String
    var refreshToken: String?
    /// Seconds.
    var expiresIn: Int?
    var idToken: String?

    enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case refreshToken = "refresh_token"
        case expiresIn = "expires_in"
        case idToken = "id_token"
    }

    var expiresAt: Date? { expiresIn.map { Date(timeIntervalSinceNow: Double(min(max($0, 0), 10 * 365 * 86_400))) } }
}
