import Foundation
import Messaging

/// Someone signed in.
public struct SessionStarted: Event {
    public static let name = "auth.session.started.v1"
    public var sessionID: UUID
    public var userID: UUID
    /// How they proved who they are (RFC 8176): `pwd`, `otp`, `sms`, `pop`, `mfa` …
    public var methods: [String]?
    public var subject: UUID { userID }
    public init(sessionID: UUID, userID: UUID, methods: [String]? = nil) {
        self.sessionID = sessionID
        self.userID = userID
        self.methods = methods
    }
    enum CodingKeys: String, CodingKey {
        case sessionID = "session_id"
        case userID = "user_id"
        case methods
    }
}

/// A session has ended before its time: signed out, revoked, or its refresh-token family was attacked. Every copy of every service forgets it at once.
public struct SessionRevoked: Event {
    public static let name = "auth.session.revoked.v1"
    public var sessionID: UUID
    public var userID: UUID
    /// `signed_out`, `revoked`, `refresh_token_reused`, `user_deleted`, `user_suspended`, `password_changed`.
    public var reason: String
    public var subject: UUID { userID }
    public init(sessionID: UUID, userID: UUID, reason: String) {
        self.sessionID = sessionID
        self.userID = userID
        self.reason = reason
    }
    enum CodingKeys: String, CodingKey {
        case sessionID = "session_id"
        case userID = "user_id"
        case reason
    }
}

/// A new signing key signs from now on; older ones still verify until they retire.
public struct SigningKeyRotated: Event {
    public static let name = "auth.signing_key.rotated.v1"
    /// A version-5-like id of its own for ordering; the key's `kid` is what counts.
    public var id: UUID
    public var keyID: String
    public var subject: UUID { id }
    public init(id: UUID, keyID: String) {
        self.id = id
        self.keyID = keyID
    }
    enum CodingKeys: String, CodingKey {
        case id
        case keyID = "kid"
    }
}

/// Asked of `auth` when a session is not in the cache; `auth` knows, and fills the cache again.
public struct ResolveSession: Request {
    public static let name = "auth.session.resolve.v1"
    public static let senders = ["catalog", "documents", "campaigns", "alerts", "scraper", "analytics"]
    public var userID: UUID
    public var sessionID: UUID
    public init(userID: UUID, sessionID: UUID) {
        self.userID = userID
        self.sessionID = sessionID
    }
    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case sessionID = "session_id"
    }
    /// `session` is nil when it has ended or never was.
    public struct Response: Codable, Sendable {
        public var session: SessionSnapshot?
        public init(session: SessionSnapshot?) { self.session = session }
    }
}

/// What `session:{user_id}:{session_id}` holds.
public struct SessionSnapshot: Codable, Sendable, Hashable {
    public var userID: UUID
    public var sessionID: UUID
    public var permissions: [String]
    public var locale: String
    public var timezone: String
    public var expiresAt: Date
    /// The platform's role now; nil from a version of `auth` that did not say: then the token's counts. The same holds for the next two.
    public var role: String?
    public var memberships: [AgencyMembershipSnapshot]?
    public var emailVerified: Bool?
    /// Whether moderators have restricted the account.
    public var isRestricted: Bool?
    /// Whether the account has second factors.
    public var mfaEnabled: Bool?
    /// When one was last shown in this session.
    public var secondFactorAt: Date?
    public init(
        userID: UUID, sessionID: UUID, permissions: [String], locale: String, timezone: String, expiresAt: Date, role: String? = nil,
        memberships: [AgencyMembershipSnapshot]? = nil, emailVerified: Bool? = nil, isRestricted: Bool? = nil,
        mfaEnabled: Bool? = nil, secondFactorAt: Date? = nil
    ) {
        self.userID = userID
        self.sessionID = sessionID
        self.permissions = permissions
        self.locale = locale
        self.timezone = timezone
        self.expiresAt = expiresAt
        self.role = role
        self.memberships = memberships
        self.emailVerified = emailVerified
        self.isRestricted = isRestricted
        self.mfaEnabled = mfaEnabled
        self.secondFactorAt = secondFactorAt
    }
    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case sessionID = "session_id"
        case permissions, locale, timezone, role, memberships
        case expiresAt = "expires_at"
        case emailVerified = "email_verified"
        case isRestricted = "is_restricted"
        case mfaEnabled = "mfa_enabled"
        case secondFactorAt = "second_factor_at"
    }
    /// The Redis key, TTL 86,400 s.
    public static func key(user: UUID, session: UUID) -> String {
        "session:\(user.uuidString.lowercased()):\(session.uuidString.lowercased())"
    }
}

/// Asked of `auth` by a service that meets an unknown `kid`: the JSON Web Key Set.
public struct ListSigningKeys: Request {
    public static let name = "auth.signing_keys.list.v1"
    public static let senders = ["catalog", "documents", "campaigns", "alerts", "scraper", "analytics"]
    public init() {}
    public struct Response: Codable, Sendable {
        /// A JWKS document (RFC 7517) of public keys, as at `/.well-known/jwks.json`.
        public var jwks: String
        public init(jwks: String) { self.jwks = jwks }
    }
}
