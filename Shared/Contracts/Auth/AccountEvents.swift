import Foundation
import Messaging

/// Something was decided about an account: by its owner, or by an administrator. For the trail; what others need to know is in `UserUpdated`.
public struct AccountChanged: Event {
    public static let name = "auth.account.changed.v1"
    public var userID: UUID
    /// suspended, reinstated, role_changed, unlocked, deactivated, reactivated, email_changed, email_taken_back
    public var change: String
    /// Nil where nothing changed that `AccountState` tells.
    public var before: AccountState?
    public var after: AccountState?
    /// What the administrator gave as the reason.
    public var reason: String?
    public var subject: UUID { userID }
    public init(userID: UUID, change: String, before: AccountState?, after: AccountState?, reason: String?) {
        self.userID = userID
        self.change = change
        self.before = before
        self.after = after
        self.reason = reason
    }
    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case change, before, after, reason
    }
}

/// What an account may do on the platform.
public struct AccountState: Codable, Sendable, Hashable {
    public var status: String
    public var role: String
    /// Where the address changed.
    public var email: String?
    /// Where a lock was taken off, or wrong passwords were forgotten.
    public var failedLoginAttempts: Int?
    public init(status: String, role: String, email: String? = nil, failedLoginAttempts: Int? = nil) {
        self.status = status
        self.role = role
        self.email = email
        self.failedLoginAttempts = failedLoginAttempts
    }
    enum CodingKeys: String, CodingKey {
        case status, role, email
        case failedLoginAttempts = "failed_login_attempts"
    }
}

/// A person agreed to something, or took it back.
public struct ConsentChanged: Event {
    public static let name = "auth.consent.changed.v1"
    public var userID: UUID
    /// gdpr, data_processing, marketing, analytics
    public var purpose: String
    public var isGiven: Bool
    /// Which text the person saw.
    public var textVersion: String
    public var subject: UUID { userID }
    public init(userID: UUID, purpose: String, isGiven: Bool, textVersion: String) {
        self.userID = userID
        self.purpose = purpose
        self.isGiven = isGiven
        self.textVersion = textVersion
    }
    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case purpose
        case isGiven = "is_given"
        case textVersion = "text_version"
    }
}
