import Foundation
import Hummingbird
import ServiceKit

/// Which actions are asked for.
struct ModeratorActionFilter: Sendable {
    var actionType: ModeratorActionType?
    var targetEntityType: ModeratedEntity?
    var targetEntityID: UUID?
    var targetUserID: UUID?
    var moderatorID: UUID?
    var reportID: UUID?
    var isActive: Bool?

    init(_ request: Request) throws {
        actionType = try request.query("action_type")
        targetEntityType = try request.query("target_entity_type")
        targetEntityID = try request.query("target_entity_id")
        targetUserID = try request.query("target_user_id")
        moderatorID = try request.query("moderator_id")
        reportID = try request.query("report_id")
        isActive = try request.query("is_active")
    }
}
