import Foundation
import Hummingbird
import ServiceKit

/// What of the queue is asked for.
struct ReportFilter: Sendable {
    /// Nil for all that are open.
    var status: ReportStatus?
    var category: ReportCategory?
    var severity: Severity?
    var entityType: ModeratedEntity?
    var entityID: UUID?
    var reportedUserID: UUID?
    var assignedModerator: UUID?
    var isUnassigned = false

    init(_ request: Request) throws {
        status = try request.query("status")
        category = try request.query("category")
        severity = try request.query("severity")
        entityType = try request.query("reported_entity_type")
        entityID = try request.query("reported_entity_id")
        reportedUserID = try request.query("reported_user_id")
        assignedModerator = try request.query("assigned_moderator")
        isUnassigned = try request.query("unassigned", as: Bool.self) ?? false
    }
}

/// A place in the queue: the most severe first, the oldest first among those.
struct ReportCursor: Codable, Sendable {
    var rank: Int
    var id: UUID

    init(_ report: Report) {
        rank = report.severity.rank
        id = report.id
    }
}
