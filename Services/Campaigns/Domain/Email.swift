import Foundation
import Postgres

/// A mail as its receiver and the administrators see it.
struct Email: Codable, Sendable {
    var id: UUID
    var templateID: UUID?
    var templateName: String?
    var fromEmail: String
    var toEmail: String
    var toName: String?
    var subject: String
    /// Both are left out of lists, and absent for a mail with secrets, which is stored nowhere.
    var htmlContent: String?
    var textContent: String?
    var type: EmailType
    var category: String
    var priority: EmailPriority
    var status: EmailStatus
    var scheduledFor: Date?
    var maxRetries: Int
    var currentRetries: Int
    var lastAttemptAt: Date?
    var sentAt: Date?
    var failureReason: String?
    var providerMessageID: String?
    var reference: UUID?
    var campaignID: String?
    var userID: UUID?
    var tags: [String]
    var createdAt: Date
    var updatedAt: Date

    enum CodingKeys: String, CodingKey {
        case id, subject, type, category, priority, status, reference, tags
        case templateID = "template_id"
        case templateName = "template_name"
        case fromEmail = "from_email"
        case toEmail = "to_email"
        case toName = "to_name"
        case htmlContent = "html_content"
        case textContent = "text_content"
        case scheduledFor = "scheduled_for"
        case maxRetries = "max_retries"
        case currentRetries = "current_retries"
        case lastAttemptAt = "last_attempt_at"
        case sentAt = "sent_at"
        case failureReason = "failure_reason"
        case providerMessageID = "provider_message_id"
        case campaignID = "campaign_id"
        case userID = "user_id"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension Email: RowDecodable {
    private static let facts: SQL = """
        id, template_id, template_name, from_email, to_email, to_name, subject, type, category, priority, status, scheduled_for, max_retries,
        current_retries, last_attempt_at, sent_at, failure_reason, provider_message_id, reference, campaign_id, user_id, tags, created_at, updated_at
        """
    static let columns: SQL = "\(facts), NULLIF(html_content, '') AS html_content, text_content"
    static let listColumns: SQL = "\(facts), NULL::text AS html_content, NULL::text AS text_content"

    init(row: Row) throws {
        id = try row["id"]
        templateID = try row["template_id"]
        templateName = try row["template_name"]
        fromEmail = try row["from_email"]
        toEmail = try row["to_email"]
        toName = try row["to_name"]
        subject = try row["subject"]
        htmlContent = try row["html_content"]
        textContent = try row["text_content"]
        type = try row["type"]
        category = try row["category"]
        priority = try row["priority"]
        status = try row["status"]
        scheduledFor = try row["scheduled_for"]
        maxRetries = try row["max_retries"]
        currentRetries = try row["current_retries"]
        lastAttemptAt = try row["last_attempt_at"]
        sentAt = try row["sent_at"]
        failureReason = try row["failure_reason"]
        providerMessageID = try row["provider_message_id"]
        reference = try row["reference"]
        campaignID = try row["campaign_id"]
        userID = try row["user_id"]
        tags = try row["tags"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}
