import Foundation
import Messaging

/// Someone opened an account. Sent once per user.
public struct UserRegistered: Event {
    public static let name = "auth.user.registered.v1"
    public var user: UserSnapshot
    public var subject: UUID { user.id }
    public var aggregateVersion: Int64? { user.version }
    public init(user: UserSnapshot) { self.user = user }
}

/// A user's profile, address, locale, time zone, role or status changed.
public struct UserUpdated: Event {
    public static let name = "auth.user.updated.v1"
    public var user: UserSnapshot
    /// What it was before, where that is known.
    public var before: UserSnapshot?
    /// The columns that changed, where that is known.
    public var changedFields: [String]?
    public var subject: UUID { user.id }
    public var aggregateVersion: Int64? { user.version }
    public init(user: UserSnapshot, before: UserSnapshot? = nil, changedFields: [String]? = nil) {
        self.user = user
        self.before = before
        self.changedFields = changedFields
    }
    enum CodingKeys: String, CodingKey {
        case user, before
        case changedFields = "changed_fields"
    }
}

/// A user is gone: every service deletes what it holds of them.
public struct UserDeleted: Event {
    public static let name = "auth.user.deleted.v1"
    public var userID: UUID
    public var version: Int64
    public var subject: UUID { userID }
    public var aggregateVersion: Int64? { version }
    public init(userID: UUID, version: Int64) {
        self.userID = userID
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case version
    }
}

/// What other services keep of a user as their own small copy.
public struct UserSnapshot: Codable, Sendable, Hashable {
    public var id: UUID
    public var email: String
    public var fullName: String?
    public var firstName: String?
    public var lastName: String?
    /// BCP 47, such as `de-DE`.
    public var locale: String
    /// An IANA time zone, such as `Europe/Berlin`.
    public var timezone: String
    /// The platform's role: user, moderator, administrator.
    public var role: String
    public var userType: String
    public var status: String
    public var emailVerified: Bool
    public var version: Int64

    public init(
        id: UUID, email: String, fullName: String?, firstName: String?, lastName: String?, locale: String, timezone: String, role: String,
        userType: String, status: String, emailVerified: Bool, version: Int64
    ) {
        self.id = id
        self.email = email
        self.fullName = fullName
        self.firstName = firstName
        self.lastName = lastName
        self.locale = locale
        self.timezone = timezone
        self.role = role
        self.userType = userType
        self.status = status
        self.emailVerified = emailVerified
        self.version = version
    }

    enum CodingKeys: String, CodingKey {
        case id, email, locale, timezone, role, status, version
        case fullName = "full_name"
        case firstName = "first_name"
        case lastName = "last_name"
        case userType = "user_type"
        case emailVerified = "email_verified"
    }
}
