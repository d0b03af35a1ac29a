import Contracts
import Foundation
import Postgres

/// A mail under lease, with all it takes to send it.
struct ClaimedEmail: Sendable, RowDecodable {
    var id: UUID
    var claimID: UUID
    var templateID: UUID?
    var fromEmail: String
    var fromName: String?
    var toEmail: String
    var toName: String?
    var cc: [String]
    var bcc: [String]
    var replyTo: String?
    var subject: String
    var html: String
    var text: String?
    var data: [String: TemplateValue]?
    var sealed: [String: String]?
    var attachments: [StoredAttachment]
    var type: EmailType
    var rank: Int
    var currentRetries: Int
    var maximumRetries: Int
    var unsubscribeToken: String?
    var createdAt: Date

    static let columns: SQL = """
        q.id, q.claim_id, q.template_id, q.from_email, q.from_name, q.to_email, q.to_name, q.cc_emails, q.bcc_emails, q.reply_to_email, q.subject,
        q.html_content, q.text_content, q.template_data, q.sealed_data, q.attachments, q.type, q.priority_rank, q.current_retries,
        q.max_retries, q.unsubscribe_token, q.created_at
        """

    init(row: Row) throws {
        id = try row["id"]
        claimID = try row["claim_id"]
        templateID = try row["template_id"]
        fromEmail = try row["from_email"]
        fromName = try row["from_name"]
        toEmail = try row["to_email"]
        toName = try row["to_name"]
        cc = try row["cc_emails"]
        bcc = try row["bcc_emails"]
        replyTo = try row["reply_to_email"]
        subject = try row["subject"]
        html = try row["html_content"]
        text = try row["text_content"]
        data = try row.jsonIfPresent("template_data")
        sealed = try row.jsonIfPresent("sealed_data")
        attachments = try row.json("attachments")
        type = try row["type"]
        rank = try row["priority_rank"]
        currentRetries = try row["current_retries"]
        maximumRetries = try row["max_retries"]
        unsubscribeToken = try row["unsubscribe_token"]
        createdAt = try row["created_at"]
    }
}
