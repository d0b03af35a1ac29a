import Foundation
import Messaging

/// Something that concerns an account's security and that no other event tells. It is for the audit trail.
public struct SecurityNoted: Event {
    public static let name = "auth.security.noted.v1"
    public var id: UUID
    /// sign_in_failed, sign_in_refused, account_locked, password_refused, password_changed, password_reset_requested, password_reset,
    /// registration_repeated, verification_requested, email_verified, email_change_requested, export_downloaded, accounts_listed, account_viewed
    public var act: String
    /// Whose account it is about; nil when there is no such account.
    public var userID: UUID?
    public var success: Bool
    /// low, medium, high, critical: how much it weighs.
    public var riskLevel: String
    /// What is different now, where something is.
    public var before: [String: String]?
    public var after: [String: String]?
    public var subject: UUID { userID ?? id }
    public init(
        id: UUID = UUID(), act: String, userID: UUID?, success: Bool, riskLevel: String, before: [String: String]? = nil,
        after: [String: String]? = nil
    ) {
        self.id = id
        self.act = act
        self.userID = userID
        self.success = success
        self.riskLevel = riskLevel
        self.before = before
        self.after = after
    }
    enum CodingKeys: String, CodingKey {
        case id, act, success, before, after
        case userID = "user_id"
        case riskLevel = "risk_level"
    }
}
