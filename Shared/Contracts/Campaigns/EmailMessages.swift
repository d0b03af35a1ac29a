import Foundation
import Messaging

/// Asks `campaigns` to send one mail from a template. The same `emailID` asked twice is one mail.
public struct SendEmail: Command {
    public static let name = "campaigns.email.send.v1"
    public static let senders = ["auth", "alerts", "documents", "catalog"]
    /// The id the mail will have in `email_queue`; chosen by the sender, so that asking again changes nothing.
    public var emailID: UUID
    public var userID: UUID?
    public var toEmail: String
    public var toName: String?
    /// A system template's name (`new_listing`), in the person's locale or the default one.
    public var template: String
    public var locale: String
    public var data: [String: TemplateValue]
    /// transactional, notification, marketing, system
    public var type: String
    /// Sealed values (base64) by variable name, context `campaigns.email.<name>`: reset links and codes, which no queue or table may show.
    public var sealedData: [String: String]
    /// What the mail is about, returned in `EmailSent` (a notification's id).
    public var reference: UUID?
    /// Whoever is written to answers to the user's own address: the mail goes out in the user's name, to somebody else. Where that is somebody whose address
    /// must stay sealed, it is the sealed value `to_email`, and `toEmail` is a placeholder.
    public var repliesToUser: Bool?
    public var subject: UUID { userID ?? emailID }

    public init(
        emailID: UUID, userID: UUID?, toEmail: String, toName: String?, template: String, locale: String, data: [String: TemplateValue],
        type: String, sealedData: [String: String] = [:], reference: UUID? = nil, repliesToUser: Bool? = nil
    ) {
        self.emailID = emailID
        self.userID = userID
        self.toEmail = toEmail
        self.toName = toName
        self.template = template
        self.locale = locale
        self.data = data
        self.type = type
        self.sealedData = sealedData
        self.reference = reference
        self.repliesToUser = repliesToUser
    }
    enum CodingKeys: String, CodingKey {
        case emailID = "email_id"
        case userID = "user_id"
        case toEmail = "to_email"
        case toName = "to_name"
        case template, locale, data, type
        case sealedData = "sealed_data"
        case reference
        case repliesToUser = "replies_to_user"
    }
}

/// A value for a Mustache template: text, a number as text, a flag, or a list of objects.
public indirect enum TemplateValue: Codable, Sendable, Hashable, ExpressibleByStringLiteral {
    case text(String)
    case flag(Bool)
    case list([[String: TemplateValue]])

    public init(stringLiteral value: String) { self = .text(value) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .list(try container.decode([[String: TemplateValue]].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .flag(let flag): try container.encode(flag)
        case .list(let list): try container.encode(list)
        }
    }
}

/// The SMTP server took the mail.
public struct EmailSent: Event {
    public static let name = "campaigns.email.sent.v1"
    public var emailID: UUID
    public var userID: UUID?
    public var template: String
    public var reference: UUID?
    public var subject: UUID { emailID }
    public init(emailID: UUID, userID: UUID?, template: String, reference: UUID?) {
        self.emailID = emailID
        self.userID = userID
        self.template = template
        self.reference = reference
    }
    enum CodingKeys: String, CodingKey {
        case emailID = "email_id"
        case userID = "user_id"
        case template, reference
    }
}

/// The mail will not be sent: refused for good, given up after its retries, or suppressed.
public struct EmailFailed: Event {
    public static let name = "campaigns.email.failed.v1"
    public var emailID: UUID
    public var userID: UUID?
    /// `rejected`, `retries_exhausted`, `suppressed`, `template`
    public var reason: String
    public var reference: UUID?
    public var subject: UUID { emailID }
    public init(emailID: UUID, userID: UUID?, reason: String, reference: UUID?) {
        self.emailID = emailID
        self.userID = userID
        self.reason = reason
        self.reference = reference
    }
    enum CodingKeys: String, CodingKey {
        case emailID = "email_id"
        case userID = "user_id"
        case reason, reference
    }
}

/// A person used List-Unsubscribe.
public struct EmailUnsubscribed: Event {
    public static let name = "campaigns.email.unsubscribed.v1"
    public var userID: UUID?
    public var emailID: UUID
    /// What was left: a template's category, such as `new_listing`.
    public var category: String
    public var subject: UUID { emailID }
    public init(userID: UUID?, emailID: UUID, category: String) {
        self.userID = userID
        self.emailID = emailID
        self.category = category
    }
    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case emailID = "email_id"
        case category
    }
}
