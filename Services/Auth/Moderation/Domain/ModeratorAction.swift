import Contracts
import Foundation
import Postgres
import ServiceKit

/// What a moderator did, as moderators see it.
struct ModeratorAction: Codable, Sendable {
    var id: UUID
    var moderatorID: UUID?
    var reportID: UUID?
    var targetEntityType: ModeratedEntity
    var targetEntityID: UUID
    var targetUserID: UUID?
    var actionType: ModeratorActionType
    var severity: Severity
    var reason: String
    var description: String?
    var metadata: [String: JSONValue]
    var durationHours: Int?
    var expiresAt: Date?
    var isActive: Bool
    var reversedBy: UUID?
    var reversedAt: Date?
    var reversalReason: String?
    var evidence: [Evidence]
    var notificationSent: Bool
    var internalNotes: String?
    var createdAt: Date
    var updatedAt: Date

    var state: ModeratorActionState {
        ModeratorActionState(
            actionID: id, actionType: actionType.rawValue, severity: severity.rawValue, reason: reason,
            targetEntityType: targetEntityType.rawValue, targetEntityID: targetEntityID, targetUserID: targetUserID, expiresAt: expiresAt)
    }

    enum CodingKeys: String, CodingKey {
        case id, severity, reason, description, metadata, evidence
        case moderatorID = "moderator_id"
        case reportID = "report_id"
        case targetEntityType = "target_entity_type"
        case targetEntityID = "target_entity_id"
        case targetUserID = "target_user_id"
        case actionType = "action_type"
        case durationHours = "duration_hours"
        case expiresAt = "expires_at"
        case isActive = "is_active"
        case reversedBy = "reversed_by"
        case reversedAt = "reversed_at"
        case reversalReason = "reversal_reason"
        case notificationSent = "notification_sent"
        case internalNotes = "internal_notes"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension ModeratorAction: RowDecodable {
    static let columns: SQL = """
        id, moderator_id, report_id, target_entity_type, target_entity_id, target_user_id, action_type, severity, reason, description, metadata, \
        duration_hours, expires_at, is_active, reversed_by, reversed_at, reversal_reason, evidence, notification_sent, internal_notes, \
        created_at, updated_at
        """

    init(row: Row) throws {
        id = try row["id"]
        moderatorID = try row["moderator_id"]
        reportID = try row["report_id"]
        targetEntityType = try row["target_entity_type"]
        targetEntityID = try row["target_entity_id"]
        targetUserID = try row["target_user_id"]
        actionType = try row["action_type"]
        severity = try row["severity"]
        reason = try row["reason"]
        description = try row["description"]
        metadata = try row.json("metadata")
        durationHours = try row["duration_hours"]
        expiresAt = try row["expires_at"]
        isActive = try row["is_active"]
        reversedBy = try row["reversed_by"]
        reversedAt = try row["reversed_at"]
        reversalReason = try row["reversal_reason"]
        evidence = try row.json("evidence")
        notificationSent = try row["notification_sent"]
        internalNotes = try row["internal_notes"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}
