import Foundation
import Messaging

/// Asks `alerts` to send one text message. The same `smsID` asked twice is one message.
public struct SendSMS: Command {
    public static let name = "alerts.sms.send.v1"
    public static let senders = ["auth"]
    /// Chosen by the sender, so that asking again changes nothing.
    public var smsID: UUID
    public var userID: UUID
    /// What it says: security_code.
    public var kind: String
    public var locale: String
    /// The telephone number in E.164, sealed (base64), context `alerts.sms.to`.
    public var sealedTo: String
    /// Sealed values (base64) by name, context `alerts.sms.<name>`, which no queue or table may show.
    public var sealedData: [String: String]
    /// From then on it is of no use and is not sent any more.
    public var expiresAt: Date
    public var subject: UUID { userID }
    public init(
        smsID: UUID, userID: UUID, kind: String, locale: String, sealedTo: String, sealedData: [String: String], expiresAt: Date
    ) {
        self.smsID = smsID
        self.userID = userID
        self.kind = kind
        self.locale = locale
        self.sealedTo = sealedTo
        self.sealedData = sealedData
        self.expiresAt = expiresAt
    }
    enum CodingKeys: String, CodingKey {
        case smsID = "sms_id"
        case userID = "user_id"
        case kind, locale
        case sealedTo = "sealed_to"
        case sealedData = "sealed_data"
        case expiresAt = "expires_at"
    }
}

/// The provider took a text message.
public struct SMSSent: Event {
    public static let name = "alerts.sms.sent.v1"
    public var smsID: UUID
    public var userID: UUID
    public var kind: String
    public var subject: UUID { smsID }
    public init(smsID: UUID, userID: UUID, kind: String) {
        self.smsID = smsID
        self.userID = userID
        self.kind = kind
    }
    enum CodingKeys: String, CodingKey {
        case smsID = "sms_id"
        case userID = "user_id"
        case kind
    }
}

/// A text message will not be sent.
public struct SMSFailed: Event {
    public static let name = "alerts.sms.failed.v1"
    public var smsID: UUID
    public var userID: UUID
    public var kind: String
    /// no_provider, rejected, retries_exhausted, expired, unreadable
    public var reason: String
    public var subject: UUID { smsID }
    public init(smsID: UUID, userID: UUID, kind: String, reason: String) {
        self.smsID = smsID
        self.userID = userID
        self.kind = kind
        self.reason = reason
    }
    enum CodingKeys: String, CodingKey {
        case smsID = "sms_id"
        case userID = "user_id"
        case kind, reason
    }
}
