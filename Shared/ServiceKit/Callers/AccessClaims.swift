import Foundation

/// What an access token says (RFC 7519 claims and Hearth's own).
public struct AccessClaims: Codable, Sendable, Hashable {
    /// `iss` of every token.
    public static let issuer = "hearth"
    /// `aud` of every token: the services of this system, and nobody else.
    public static let audience = "hearth"
    /// How long a token lives.
    public static let lifetime = Duration.seconds(15 * 60)

    /// A token stays short: the session names all the agencies, and what it says counts.
    static let mostAgencies = 20

    public var issuer: String
    public var audience: String
    public var userID: UUID
    public var sessionID: UUID
    public var role: PlatformRole
    public var agencies: [AgencyMembership]
    public var emailVerified: Bool
    /// `amr` (RFC 8176): with what the session was proven, such as `pwd`, `otp`, `mfa`. Nil for a session that does not say.
    public var methods: [String]?
    /// `auth_time`: when the person last proved who they are, in seconds since 1970.
    public var authenticatedAt: Int64?
    /// `mfa_time`: when they last showed a second factor, in seconds since 1970; nil when they did not in this session.
    public var secondFactorAt: Int64?
    /// Seconds since 1970.
    public var issuedAt: Int64
    /// Seconds since 1970; refused from then on.
    public var expiresAt: Int64
    public var tokenID: UUID

    /// Claims for a caller, from `date` on.
    public init(_ caller: Caller, at date: Date = Date(), lifetime: Duration = Self.lifetime) {
        issuer = Self.issuer
        audience = Self.audience
        userID = caller.userID
        sessionID = caller.sessionID
        role = caller.role
        agencies = Array(caller.agencies.prefix(Self.mostAgencies))
        emailVerified = caller.emailVerified
        secondFactorAt = caller.secondFactorAt.map { Int64($0.timeIntervalSince1970) }
        issuedAt = Int64(date.timeIntervalSince1970)
        expiresAt = issuedAt + lifetime.components.seconds
        tokenID = .v7()
    }

    enum CodingKeys: String, CodingKey {
        case issuer = "iss"
        case audience = "aud"
        case userID = "sub"
        case sessionID = "sid"
        case role, agencies
        case emailVerified = "email_verified"
        case methods = "amr"
        case authenticatedAt = "auth_time"
        case secondFactorAt = "mfa_time"
        case issuedAt = "iat"
        case expiresAt = "exp"
        case tokenID = "jti"
    }
}
