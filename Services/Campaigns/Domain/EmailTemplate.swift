import Foundation
import Postgres
import ServiceKit

/// A template as its editors see it.
struct EmailTemplate: Codable, Sendable, Versioned {
    /// Owns the system's templates.
    static let systemAgency = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

    var id: UUID
    var agencyID: UUID
    var name: String
    var description: String?
    var templateType: String
    var type: TemplateType
    var category: TemplateCategory
    var status: TemplateStatus
    var subject: String
    /// The three contents are left out of lists.
    var htmlContent: String?
    var textContent: String?
    var versions: [TemplateVersion]?
    var variables: [TemplateVariable]
    var metadata: [String: String]
    var locale: String
    var parentTemplateID: UUID?
    var currentVersion: Int
    var isDefault: Bool
    var isSystemTemplate: Bool
    var priority: Int
    var tags: [String]
    var createdBy: UUID?
    var lastModifiedBy: UUID?
    var lastUsedAt: Date?
    var usageCount: Int
    var testEmailsSent: Int
    var version: Int64
    var createdAt: Date
    var updatedAt: Date

    /// Owners and administrators of an agency edit its templates; the system's are the platform administrators'.
    static func mayEdit(_ caller: Caller, agency: UUID) -> Bool {
        caller.may(.templatesManage, in: agency) && (agency != systemAgency || caller.role == .administrator)
    }

    enum CodingKeys: String, CodingKey {
        case id, name, description, type, category, status, subject, versions, variables, metadata, locale, priority, tags, version
        case agencyID = "agency_id"
        case templateType = "template_type"
        case htmlContent = "html_content"
        case textContent = "text_content"
        case parentTemplateID = "parent_template_id"
        case currentVersion = "current_version"
        case isDefault = "is_default"
        case isSystemTemplate = "is_system_template"
        case createdBy = "created_by"
        case lastModifiedBy = "last_modified_by"
        case lastUsedAt = "last_used_at"
        case usageCount = "usage_count"
        case testEmailsSent = "test_emails_sent"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension EmailTemplate: RowDecodable {
    private static let facts: SQL = """
        id, agency_id, name, description, template_type, type, category, status, subject, variables, metadata, locale, parent_template_id,
        current_version, is_default, is_system_template, priority, tags, created_by, last_modified_by, last_used_at, usage_count,
        test_emails_sent, version, created_at, updated_at
        """
    static let columns: SQL = "\(facts), html_content, text_content, versions"
    static let listColumns: SQL = "\(facts), NULL::text AS html_content, NULL::text AS text_content, NULL::jsonb AS versions"

    init(row: Row) throws {
        id = try row["id"]
        agencyID = try row["agency_id"]
        name = try row["name"]
        description = try row["description"]
        templateType = try row["template_type"]
        type = try row["type"]
        category = try row["category"]
        status = try row["status"]
        subject = try row["subject"]
        htmlContent = try row["html_content"]
        textContent = try row["text_content"]
        versions = try row.jsonIfPresent("versions")
        variables = try row.json("variables")
        metadata = try row.json("metadata")
        locale = try row["locale"]
        parentTemplateID = try row["parent_template_id"]
        currentVersion = try row["current_version"]
        isDefault = try row["is_default"]
        isSystemTemplate = try row["is_system_template"]
        priority = try row["priority"]
        tags = try row["tags"]
        createdBy = try row["created_by"]
        lastModifiedBy = try row["last_modified_by"]
        lastUsedAt = try row["last_used_at"]
        usageCount = try row["usage_count"]
        testEmailsSent = try row["test_emails_sent"]
        version = try row["version"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}
