import Foundation
import Messaging

/// An API key was made.
public struct APIKeyCreated: Event {
    public static let name = "auth.api_key.created.v1"
    public var keyID: UUID
    public var userID: UUID
    /// The agency it acts for; nil for a person's own.
    public var agencyID: UUID?
    /// What lists show of it.
    public var keyPrefix: String
    public var scopes: [String]
    public var expiresAt: Date?
    /// The key that it takes the place of.
    public var replaces: UUID?
    public var subject: UUID { keyID }
    public init(keyID: UUID, userID: UUID, agencyID: UUID?, keyPrefix: String, scopes: [String], expiresAt: Date?, replaces: UUID?) {
        self.keyID = keyID
        self.userID = userID
        self.agencyID = agencyID
        self.keyPrefix = keyPrefix
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.replaces = replaces
    }
    enum CodingKeys: String, CodingKey {
        case keyID = "key_id"
        case userID = "user_id"
        case agencyID = "agency_id"
        case keyPrefix = "key_prefix"
        case scopes
        case expiresAt = "expires_at"
        case replaces
    }
}

/// An API key is good no longer. Every copy of every service forgets it at once.
public struct APIKeyRevoked: Event {
    public static let name = "auth.api_key.revoked.v1"
    public var keyID: UUID
    public var userID: UUID
    public var agencyID: UUID?
    /// revoked, rotated, membership_ended, user_deleted
    public var reason: String
    public var subject: UUID { keyID }
    public init(keyID: UUID, userID: UUID, agencyID: UUID?, reason: String) {
        self.keyID = keyID
        self.userID = userID
        self.agencyID = agencyID
        self.reason = reason
    }
    enum CodingKeys: String, CodingKey {
        case keyID = "key_id"
        case userID = "user_id"
        case agencyID = "agency_id"
        case reason
    }
}

/// Asked of `auth` by a service that meets an API key: what it may do. The key itself is not sent.
public struct ResolveAPIKey: Request {
    public static let name = "auth.api_key.resolve.v1"
    public static let senders = ["catalog", "documents", "campaigns", "alerts", "scraper", "analytics"]
    /// SHA-256 of the key, base64url.
    public var keyHash: String
    public init(keyHash: String) { self.keyHash = keyHash }
    enum CodingKeys: String, CodingKey { case keyHash = "key_hash" }
    /// `key` is nil when there is none, or none that is good.
    public struct Response: Codable, Sendable {
        public var key: APIKeySnapshot?
        public init(key: APIKeySnapshot?) { self.key = key }
    }
}

/// What an API key may do, and for whom.
public struct APIKeySnapshot: Codable, Sendable, Hashable {
    public var keyID: UUID
    public var userID: UUID
    public var scopes: [String]
    /// The agencies it acts for: its own one, or all of its owner's.
    public var memberships: [AgencyMembershipSnapshot]
    public var emailVerified: Bool
    public var expiresAt: Date?
    /// Whether moderators have restricted its owner's account.
    public var isRestricted: Bool?
    public init(
        keyID: UUID, userID: UUID, scopes: [String], memberships: [AgencyMembershipSnapshot], emailVerified: Bool, expiresAt: Date?,
        isRestricted: Bool? = nil
    ) {
        self.keyID = keyID
        self.userID = userID
        self.scopes = scopes
        self.memberships = memberships
        self.emailVerified = emailVerified
        self.expiresAt = expiresAt
        self.isRestricted = isRestricted
    }
    enum CodingKeys: String, CodingKey {
        case keyID = "key_id"
        case userID = "user_id"
        case scopes, memberships
        case emailVerified = "email_verified"
        case expiresAt = "expires_at"
        case isRestricted = "is_restricted"
    }
}
