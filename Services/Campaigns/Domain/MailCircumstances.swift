import Foundation
import Postgres

/// What decides, beside the request itself, whether and how a mail is written.
struct MailCircumstances: Sendable {
    var templateID: UUID?
    var templateVersion: Int64?
    var recipientStatus: String?
    var recipientName: String?
    var recipientEmail: String?
    /// The address has left the template's category.
    var isSuppressed = false

    /// Why nobody may be written to, nil when they may. What people caused themselves reaches them as long as their account exists.
    func refusal(of type: EmailType) -> DeliveryFailure? {
        if recipientStatus == "deleted" { return DeliveryFailure(reason: .suppressed, detail: "the account is gone") }
        guard type.canBeUnsubscribed else { return nil }
        if isSuppressed { return DeliveryFailure(reason: .suppressed, detail: "unsubscribed") }
        return recipientStatus == "suspended" ? DeliveryFailure(reason: .suppressed, detail: "the account is suspended") : nil
    }
}

extension MailCircumstances: RowDecodable {
    init(row: Row) throws {
        templateID = try row["template_id"]
        templateVersion = try row["template_version"]
        recipientStatus = try row["recipient_status"]
        recipientName = try row["recipient_name"]
        recipientEmail = try row["recipient_email"]
        isSuppressed = try row["is_suppressed"]
    }
}
