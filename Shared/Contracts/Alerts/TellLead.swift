import Foundation
import Messaging

/// Asks `alerts` to tell a lead something, by mail or text message. The same `key` asked twice is told once.
public struct TellLead: Command {
    public static let name = "alerts.lead.tell.v1"
    public static let senders = ["catalog", "campaigns"]
    public var leadID: UUID
    /// What it is about, at most 150 characters: `viewing:<id>`.
    public var key: String
    /// What kind of message it is, at most 50 characters: viewing_reminder.
    public var type: String
    /// email, sms
    public var channel: String
    /// The address, or the number in E.164, sealed (base64), context `alerts.lead.to`.
    public var sealedTo: String
    public var toName: String?
    public var locale: String
    /// A template of mails and its values; without one a mail says title and message.
    public var template: String?
    public var data: [String: String]
    public var title: String
    public var message: String
    /// low, normal, high, urgent
    public var priority: String
    /// When it is told; at once when nil.
    public var scheduledFor: Date?
    /// From then on it is of no use and is not told any more.
    public var expiresAt: Date?
    public var subject: UUID { leadID }
    public init(
        leadID: UUID, key: String, type: String, channel: String, sealedTo: String, toName: String? = nil, locale: String, template: String? = nil,
        data: [String: String] = [:], title: String, message: String, priority: String = "normal", scheduledFor: Date? = nil, expiresAt: Date? = nil
    ) {
        self.leadID = leadID
        self.key = key
        self.type = type
        self.channel = channel
        self.sealedTo = sealedTo
        self.toName = toName
        self.locale = locale
        self.template = template
        self.data = data
        self.title = title
        self.message = message
        self.priority = priority
        self.scheduledFor = scheduledFor
        self.expiresAt = expiresAt
    }
    enum CodingKeys: String, CodingKey {
        case leadID = "lead_id"
        case key, type, channel
        case sealedTo = "sealed_to"
        case toName = "to_name"
        case locale, template, data, title, message, priority
        case scheduledFor = "scheduled_for"
        case expiresAt = "expires_at"
    }
}
