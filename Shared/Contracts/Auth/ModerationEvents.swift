import Foundation
import Messaging

/// Somebody reported something. What they wrote stays with the moderators.
public struct ReportFiled: Event {
    public static let name = "auth.report.filed.v1"
    public var reportID: UUID
    public var reporterID: UUID
    /// user, agency, rescue, pet, application, message, conversation, listing, document, template, rating
    public var entityType: String
    public var entityID: UUID
    public var reportedUserID: UUID?
    public var category: String
    /// low, medium, high, critical
    public var severity: String
    public var subject: UUID { reportID }
    public init(
        reportID: UUID, reporterID: UUID, entityType: String, entityID: UUID, reportedUserID: UUID?, category: String, severity: String
    ) {
        self.reportID = reportID
        self.reporterID = reporterID
        self.entityType = entityType
        self.entityID = entityID
        self.reportedUserID = reportedUserID
        self.category = category
        self.severity = severity
    }
    enum CodingKeys: String, CodingKey {
        case category, severity
        case reportID = "report_id"
        case reporterID = "reporter_id"
        case entityType = "entity_type"
        case entityID = "entity_id"
        case reportedUserID = "reported_user_id"
    }
}

/// A moderator took a report on, judged it anew, passed it on or closed it.
public struct ReportUpdated: Event {
    public static let name = "auth.report.updated.v1"
    public var reportID: UUID
    /// assigned, triaged, escalated, resolved, dismissed
    public var change: String
    public var report: ReportState
    public var before: ReportState
    public var version: Int64
    public var subject: UUID { reportID }
    public var aggregateVersion: Int64? { version }
    public init(reportID: UUID, change: String, report: ReportState, before: ReportState, version: Int64) {
        self.reportID = reportID
        self.change = change
        self.report = report
        self.before = before
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case reportID = "report_id"
        case change, report, before, version
    }
}

/// How far a report is.
public struct ReportState: Codable, Sendable, Hashable {
    /// pending, under_review, resolved, dismissed, escalated
    public var status: String
    public var category: String
    public var severity: String
    public var assignedModerator: UUID?
    public var escalatedTo: UUID?
    public var resolution: String?
    public init(
        status: String, category: String, severity: String, assignedModerator: UUID?, escalatedTo: UUID?, resolution: String?
    ) {
        self.status = status
        self.category = category
        self.severity = severity
        self.assignedModerator = assignedModerator
        self.escalatedTo = escalatedTo
        self.resolution = resolution
    }
    enum CodingKeys: String, CodingKey {
        case status, category, severity, resolution
        case assignedModerator = "assigned_moderator"
        case escalatedTo = "escalated_to"
    }
}

/// A moderator acted: warned, removed, restricted, suspended, banned, or noted a decision.
public struct ModeratorActionTaken: Event {
    public static let name = "auth.moderator_action.taken.v1"
    public var action: ModeratorActionState
    public var moderatorID: UUID
    public var reportID: UUID?
    /// What the target was before and is now; nil when it is not changed.
    public var before: ModeratedState?
    public var after: ModeratedState?
    /// low, medium, high, critical: how much it weighs in the audit trail.
    public var riskLevel: String
    public var subject: UUID { action.actionID }
    public init(
        action: ModeratorActionState, moderatorID: UUID, reportID: UUID?, before: ModeratedState?, after: ModeratedState?, riskLevel: String
    ) {
        self.action = action
        self.moderatorID = moderatorID
        self.reportID = reportID
        self.before = before
        self.after = after
        self.riskLevel = riskLevel
    }
    enum CodingKeys: String, CodingKey {
        case action, before, after
        case moderatorID = "moderator_id"
        case reportID = "report_id"
        case riskLevel = "risk_level"
    }
}

/// A moderator's action holds no longer: its time is over, or somebody took it back.
public struct ModeratorActionLifted: Event {
    public static let name = "auth.moderator_action.lifted.v1"
    public var action: ModeratorActionState
    /// expired, reversed
    public var cause: String
    public var reversedBy: UUID?
    public var reversalReason: String?
    public var before: ModeratedState?
    public var after: ModeratedState?
    public var riskLevel: String
    public var subject: UUID { action.actionID }
    public init(
        action: ModeratorActionState, cause: String, reversedBy: UUID?, reversalReason: String?, before: ModeratedState?,
        after: ModeratedState?, riskLevel: String
    ) {
        self.action = action
        self.cause = cause
        self.reversedBy = reversedBy
        self.reversalReason = reversalReason
        self.before = before
        self.after = after
        self.riskLevel = riskLevel
    }
    enum CodingKeys: String, CodingKey {
        case action, cause, before, after
        case reversedBy = "reversed_by"
        case reversalReason = "reversal_reason"
        case riskLevel = "risk_level"
    }
}

/// What an action is and whom or what it is about; never what moderators note for one another.
public struct ModeratorActionState: Codable, Sendable, Hashable {
    public var actionID: UUID
    /// warning_issued, content_removed, user_suspended, user_banned, account_restricted, content_flagged, report_dismissed, escalation,
    /// appeal_reviewed, no_action
    public var actionType: String
    public var severity: String
    public var reason: String
    public var targetEntityType: String
    public var targetEntityID: UUID
    public var targetUserID: UUID?
    public var expiresAt: Date?
    public init(
        actionID: UUID, actionType: String, severity: String, reason: String, targetEntityType: String, targetEntityID: UUID,
        targetUserID: UUID?, expiresAt: Date?
    ) {
        self.actionID = actionID
        self.actionType = actionType
        self.severity = severity
        self.reason = reason
        self.targetEntityType = targetEntityType
        self.targetEntityID = targetEntityID
        self.targetUserID = targetUserID
        self.expiresAt = expiresAt
    }
    enum CodingKeys: String, CodingKey {
        case severity, reason
        case actionID = "action_id"
        case actionType = "action_type"
        case targetEntityType = "target_entity_type"
        case targetEntityID = "target_entity_id"
        case targetUserID = "target_user_id"
        case expiresAt = "expires_at"
    }
}

/// What moderation changes: an account, or whether content is shown.
public struct ModeratedState: Codable, Sendable, Hashable {
    /// An account's status.
    public var status: String?
    public var isRestricted: Bool?
    public var isRemoved: Bool?
    public init(status: String? = nil, isRestricted: Bool? = nil, isRemoved: Bool? = nil) {
        self.status = status
        self.isRestricted = isRestricted
        self.isRemoved = isRemoved
    }
    enum CodingKeys: String, CodingKey {
        case status
        case isRestricted = "is_restricted"
        case isRemoved = "is_removed"
    }
}

/// Content is not to be shown any more. The service that holds it hides it and keeps it: it may be restored.
public struct ContentRemoved: Event {
    public static let name = "auth.content.removed.v1"
    /// agency, rescue, pet, application, message, conversation, listing, document, template, rating
    public var entityType: String
    public var entityID: UUID
    public var actionID: UUID
    /// Counts up with every removal and restoration of this content: the higher one holds.
    public var version: Int64
    public var subject: UUID { entityID }
    public var aggregateVersion: Int64? { version }
    public init(entityType: String, entityID: UUID, actionID: UUID, version: Int64) {
        self.entityType = entityType
        self.entityID = entityID
        self.actionID = actionID
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case entityType = "entity_type"
        case entityID = "entity_id"
        case actionID = "action_id"
        case version
    }
}

/// Removed content may be shown again.
public struct ContentRestored: Event {
    public static let name = "auth.content.restored.v1"
    public var entityType: String
    public var entityID: UUID
    public var actionID: UUID
    /// As in `ContentRemoved`.
    public var version: Int64
    public var subject: UUID { entityID }
    public var aggregateVersion: Int64? { version }
    public init(entityType: String, entityID: UUID, actionID: UUID, version: Int64) {
        self.entityType = entityType
        self.entityID = entityID
        self.actionID = actionID
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case entityType = "entity_type"
        case entityID = "entity_id"
        case actionID = "action_id"
        case version
    }
}
