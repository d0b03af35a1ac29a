import Contracts
import Foundation
import Postgres
import ServiceKit

/// A report as moderators see it.
struct Report: Codable, Sendable, Versioned {
    var id: UUID
    var reporterID: UUID?
    var reportedEntityType: ModeratedEntity
    var reportedEntityID: UUID
    var reportedUserID: UUID?
    var category: ReportCategory
    var severity: Severity
    var status: ReportStatus
    var title: String
    var description: String
    var evidence: [Evidence]
    var metadata: [String: JSONValue]
    var assignedModerator: UUID?
    var assignedAt: Date?
    var resolvedBy: UUID?
    var resolvedAt: Date?
    var resolution: String?
    var resolutionNotes: String?
    var escalatedTo: UUID?
    var escalatedAt: Date?
    var escalationReason: String?
    var version: Int64
    var createdAt: Date
    var updatedAt: Date

    var state: ReportState {
        ReportState(
            status: status.rawValue, category: category.rawValue, severity: severity.rawValue, assignedModerator: assignedModerator,
            escalatedTo: escalatedTo, resolution: resolution)
    }

    enum CodingKeys: String, CodingKey {
        case id, category, severity, status, title, description, evidence, metadata, resolution, version
        case reporterID = "reporter_id"
        case reportedEntityType = "reported_entity_type"
        case reportedEntityID = "reported_entity_id"
        case reportedUserID = "reported_user_id"
        case assignedModerator = "assigned_moderator"
        case assignedAt = "assigned_at"
        case resolvedBy = "resolved_by"
        case resolvedAt = "resolved_at"
        case resolutionNotes = "resolution_notes"
        case escalatedTo = "escalated_to"
        case escalatedAt = "escalated_at"
        case escalationReason = "escalation_reason"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension Report: RowDecodable {
    static let columns: SQL = """
        id, reporter_id, reported_entity_type, reported_entity_id, reported_user_id, category, severity, status, title, description, evidence, \
        metadata, assigned_moderator, assigned_at, resolved_by, resolved_at, resolution, resolution_notes, escalated_to, escalated_at, \
        escalation_reason, version, created_at, updated_at
        """

    init(row: Row) throws {
        id = try row["id"]
        reporterID = try row["reporter_id"]
        reportedEntityType = try row["reported_entity_type"]
        reportedEntityID = try row["reported_entity_id"]
        reportedUserID = try row["reported_user_id"]
        category = try row["category"]
        severity = try row["severity"]
        status = try row["status"]
        title = try row["title"]
        description = try row["description"]
        evidence = try row.json("evidence")
        metadata = try row.json("metadata")
        assignedModerator = try row["assigned_moderator"]
        assignedAt = try row["assigned_at"]
        resolvedBy = try row["resolved_by"]
        resolvedAt = try row["resolved_at"]
        resolution = try row["resolution"]
        resolutionNotes = try row["resolution_notes"]
        escalatedTo = try row["escalated_to"]
        escalatedAt = try row["escalated_at"]
        escalationReason = try row["escalation_reason"]
        version = try row["version"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}
