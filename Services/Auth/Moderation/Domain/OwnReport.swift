import Foundation

/// A report as its author sees it: what they wrote and what came of it, not who handles it nor what moderators note.
struct OwnReport: Codable, Sendable {
    var id: UUID
    var reportedEntityType: ModeratedEntity
    var reportedEntityID: UUID
    var category: ReportCategory
    var status: ReportStatus
    var title: String
    var description: String
    var evidence: [Evidence]
    var resolution: String?
    var resolvedAt: Date?
    var createdAt: Date

    init(_ report: Report) {
        id = report.id
        reportedEntityType = report.reportedEntityType
        reportedEntityID = report.reportedEntityID
        category = report.category
        status = report.status
        title = report.title
        description = report.description
        evidence = report.evidence
        resolution = report.resolution
        resolvedAt = report.resolvedAt
        createdAt = report.createdAt
    }

    enum CodingKeys: String, CodingKey {
        case id, category, status, title, description, evidence, resolution
        case reportedEntityType = "reported_entity_type"
        case reportedEntityID = "reported_entity_id"
        case resolvedAt = "resolved_at"
        case createdAt = "created_at"
    }
}
