import Foundation
import ServiceKit

/// What a moderator does.
struct NewModeratorAction: Decodable, Sendable, Validated {
    /// Ten years.
    static let longest = 87_600

    var actionType: ModeratorActionType
    var targetEntityType: ModeratedEntity
    var targetEntityID: UUID
    /// Whose content it is, where the moderator knows; otherwise whom the report names.
    var targetUserID: UUID?
    var reportID: UUID?
    var severity: Severity
    /// What the person is told.
    var reason: String
    var description: String?
    var durationHours: Int?
    var evidence: [Evidence]?
    var metadata: [String: JSONValue]?
    var internalNotes: String?

    enum CodingKeys: String, CodingKey {
        case severity, reason, description, evidence, metadata
        case actionType = "action_type"
        case targetEntityType = "target_entity_type"
        case targetEntityID = "target_entity_id"
        case targetUserID = "target_user_id"
        case reportID = "report_id"
        case durationHours = "duration_hours"
        case internalNotes = "internal_notes"
    }

    func validate(_ check: inout Validation) {
        check(
            !actionType.isOfReports, "/action_type", "of_reports", "is noted when a report is dismissed or escalated, and not posted by itself")
        let isUser = targetEntityType == .user
        check(isUser || !actionType.isAboutAccount, "/target_entity_type", "mismatch", "must be user for \(actionType.rawValue)")
        check(!isUser || !actionType.isAboutContent, "/target_entity_type", "mismatch", "must be something that a user made")
        let isRemovable = actionType != .contentRemoved || ModeratedEntity.removable.contains(targetEntityType)
        let removable = ModeratedEntity.removable.map(\.rawValue).joined(separator: ", ")
        check(isUser || isRemovable, "/target_entity_type", "mismatch", "must be one of: \(removable), for content_removed")
        check(
            !isUser || targetUserID == nil || targetUserID == targetEntityID, "/target_user_id", "mismatch", "must be the user that is the target")
        check(durationHours == nil || actionType.isStanding, "/duration_hours", "mismatch", "must be absent for \(actionType.rawValue)")
        check(actionType != .userSuspended || durationHours != nil, "/duration_hours", "required", "is required: what does not end is a ban")
        check.range(durationHours, "/duration_hours", 1...Self.longest)
        check.text(reason, "/reason", maximum: 2000, multiline: true)
        check.text(description, "/description", maximum: 5000, multiline: true)
        check.text(internalNotes, "/internal_notes", maximum: 5000, multiline: true)
        Evidence.validate(evidence, &check, at: "/evidence")
        check.metadata(metadata, "/metadata")
    }
}
