import Foundation
import Postgres

/// An action as the person it is against sees it: what, why and for how long; not by whom, nor what moderators note for one another.
struct OwnModeratorAction: Codable, Sendable, RowDecodable {
    var id: UUID
    var actionType: ModeratorActionType
    var targetEntityType: ModeratedEntity
    var targetEntityID: UUID
    var severity: Severity
    var reason: String
    var description: String?
    var durationHours: Int?
    var expiresAt: Date?
    var isActive: Bool
    var reversedAt: Date?
    var reversalReason: String?
    var createdAt: Date

    init(row: Row) throws {
        id = try row["id"]
        actionType = try row["action_type"]
        targetEntityType = try row["target_entity_type"]
        targetEntityID = try row["target_entity_id"]
        severity = try row["severity"]
        reason = try row["reason"]
        description = try row["description"]
        durationHours = try row["duration_hours"]
        expiresAt = try row["expires_at"]
        isActive = try row["is_active"]
        reversedAt = try row["reversed_at"]
        reversalReason = try row["reversal_reason"]
        createdAt = try row["created_at"]
    }

    enum CodingKeys: String, CodingKey {
        case id, severity, reason, description
        case actionType = "action_type"
        case targetEntityType = "target_entity_type"
        case targetEntityID = "target_entity_id"
        case durationHours = "duration_hours"
        case expiresAt = "expires_at"
        case isActive = "is_active"
        case reversedAt = "reversed_at"
        case reversalReason = "reversal_reason"
        case createdAt = "created_at"
    }
}
