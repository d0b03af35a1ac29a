import Foundation
import Messaging

/// Somebody's second factors are not what they were.
public struct SecondFactorChanged: Event {
    public static let name = "auth.second_factor.changed.v1"
    public var userID: UUID
    /// Nil when it is about all of them, or about backup codes.
    public var factorID: UUID?
    /// totp, email, sms, passkey, backup_code
    public var factorType: String
    /// added, removed, replaced, used, reset
    public var change: String
    public var subject: UUID { userID }
    public init(userID: UUID, factorID: UUID?, factorType: String, change: String) {
        self.userID = userID
        self.factorID = factorID
        self.factorType = factorType
        self.change = change
    }
    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case factorID = "factor_id"
        case factorType = "factor_type"
        case change
    }
}

/// A second factor was shown that was no good.
public struct SecondFactorFailed: Event {
    public static let name = "auth.second_factor.failed.v1"
    public var userID: UUID
    /// totp, email, sms, passkey, backup_code
    public var method: String
    /// sign_in, step_up, enrolment
    public var purpose: String
    /// wrong_code, clone_suspected
    public var reason: String
    public var subject: UUID { userID }
    public init(userID: UUID, method: String, purpose: String, reason: String) {
        self.userID = userID
        self.method = method
        self.purpose = purpose
        self.reason = reason
    }
    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case method, purpose, reason
    }
}

/// Somebody who is signed in has shown a second factor once more.
public struct SessionSteppedUp: Event {
    public static let name = "auth.session.stepped_up.v1"
    public var sessionID: UUID
    public var userID: UUID
    public var method: String
    public var subject: UUID { userID }
    public init(sessionID: UUID, userID: UUID, method: String) {
        self.sessionID = sessionID
        self.userID = userID
        self.method = method
    }
    enum CodingKeys: String, CodingKey {
        case sessionID = "session_id"
        case userID = "user_id"
        case method
    }
}
