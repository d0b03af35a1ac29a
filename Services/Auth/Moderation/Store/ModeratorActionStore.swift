import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// What moderators do, and its effects: each in one transaction with the events that carry it everywhere.
///
/// The rows of accounts belong to their owners, so it is the service that changes them, after the code has asked whether this moderator may; the table's
/// own trigger asks once more. Locks are taken in one order: the report, the action, the account or the content.
struct ModeratorActionStore: Sendable {
    /// What an action or its end has changed: whose sessions to forget here at once.
    struct Outcome: Sendable {
        var action: ModeratorAction
        var ended: [UUID] = []
    }

    let postgres: Postgres
    let mail: AccountMail

    func list(_ filter: ModeratorActionFilter, after last: UUID?, limit: Int, as caller: Caller) async throws -> [ModeratorAction] {
        var conditions: [SQL] = ["true"]
        if let type = filter.actionType { conditions.append("action_type = \(type)") }
        if let type = filter.targetEntityType { conditions.append("target_entity_type = \(type)") }
        if let id = filter.targetEntityID { conditions.append("target_entity_id = \(id)") }
        if let user = filter.targetUserID { conditions.append("target_user_id = \(user)") }
        if let moderator = filter.moderatorID { conditions.append("moderator_id = \(moderator)") }
        if let report = filter.reportID { conditions.append("report_id = \(report)") }
        if let isActive = filter.isActive { conditions.append("is_active = \(isActive)") }
        if let last { conditions.append("id < \(last)") }
        return try await postgres.all(
            as: caller,
            """
            SELECT \(ModeratorAction.columns) FROM moderator_actions WHERE \(SQL.joined(conditions, by: " AND ")) ORDER BY id DESC LIMIT \(limit + 1)
            """)
    }

    func find(_ id: UUID, as caller: Caller) async throws -> ModeratorAction? {
        try await postgres.first(as: caller, "SELECT \(ModeratorAction.columns) FROM moderator_actions WHERE id = \(id)")
    }

    /// What was done about the caller, without what is between moderators.
    func listOwn(after last: UUID?, limit: Int, as caller: Caller) async throws -> [OwnModeratorAction] {
        try await postgres.all(as: caller, "SELECT * FROM own_moderator_actions(\(last)::uuid, \(limit + 1)::integer)")
    }

    /// Throws `APIError`: 403 for an account beyond the caller, 422 for a report or account that is not there.
    func take(_ new: NewModeratorAction, as caller: Caller) async throws -> Outcome {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let reported = try await Self.reportedUser(new.reportID, tx)
            let userID = new.targetEntityType == .user ? new.targetEntityID : new.targetUserID ?? reported
            let user = try await Self.target(userID, of: new, tx)
            guard userID != caller.userID, caller.role == .administrator || user?.role ?? .user == .user else { throw APIError.beyondModerator }
            let action: ModeratorAction? = try await tx.first(
                """
                INSERT INTO moderator_actions (id, moderator_id, report_id, target_entity_type, target_entity_id, target_user_id, action_type, severity,
                    reason, description, metadata, duration_hours, expires_at, is_active, evidence, internal_notes)
                VALUES (\(UUID.v7()), \(caller.userID), \(new.reportID), \(new.targetEntityType), \(new.targetEntityID), \(userID), \(new.actionType),
                    \(new.severity), \(new.reason), \(new.description), \(JSON(new.metadata ?? [:])), \(new.durationHours),
                    now() + make_interval(hours => \(new.durationHours)::integer), \(new.actionType.isStanding), \(JSON(new.evidence ?? [])),
                    \(new.internalNotes))
                RETURNING \(ModeratorAction.columns)
                """)
            guard let action else { throw APIError.forbidden }
            let effect = try await ModerationEffects.apply(action, to: user, tx)
            try await tx.publish(
                ModeratorActionTaken(
                    action: action.state, moderatorID: caller.userID, reportID: action.reportID, before: effect.before, after: effect.after,
                    riskLevel: Self.risk(of: action)))
            if let user, action.actionType.isTold { try await tx.send(mail.actionTaken(action, user)) }
            return Outcome(action: action, ended: effect.ended)
        }
    }

    /// Takes an action back. Nil when there is none; 409 when it does not hold any more; 403 when it is beyond the caller, as one of an administrator's is
    /// beyond a moderator.
    func reverse(_ id: UUID, reason: String, as caller: Caller) async throws -> Outcome? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let known: ModeratorAction? = try await tx.first("SELECT \(ModeratorAction.columns) FROM moderator_actions WHERE id = \(id) FOR UPDATE")
            guard let known else { return nil }
            guard known.targetUserID != caller.userID else { throw APIError.beyondModerator }
            if caller.role != .administrator, try await Self.isOfAdministrator(known, tx) { throw APIError.beyondModerator }
            let outcome = try await lift("id = \(id)", .reversed(by: caller.userID, reason: reason), tx)
            guard let outcome else { throw APIError.actionOver }
            return outcome
        }
    }

    /// Actions whose time is over, the oldest first.
    func expired() async throws -> [UUID] {
        let query: SQL = "SELECT id FROM moderator_actions WHERE is_active AND expires_at <= now() ORDER BY expires_at LIMIT 1000"
        return try await postgres.batch(as: ServiceCaller(), [query])[0].map { try $0["id"] }
    }

    /// Lifts an action whose time is over; nil when another copy is at it, or was.
    func liftExpired(_ id: UUID) async throws -> Outcome? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await lift(
                """
                id = (SELECT id FROM moderator_actions WHERE id = \(id) AND is_active AND expires_at <= now() FOR UPDATE SKIP LOCKED)
                """, .expired, tx)
        }
    }

    /// Notes that the mail about an action has left.
    func noteNotification(_ action: UUID, _ tx: Transaction) async throws {
        try await tx.execute("UPDATE moderator_actions SET notification_sent = true WHERE id = \(action) AND NOT notification_sent")
    }

    /// Notes what was decided about a report, as an action that changes nothing else.
    static func note(_ type: ModeratorActionType, of report: Report, reason: String, as caller: Caller, _ tx: Transaction) async throws {
        let action: ModeratorAction? = try await tx.first(
            """
            INSERT INTO moderator_actions (id, moderator_id, report_id, target_entity_type, target_entity_id, target_user_id, action_type, severity,
                reason, is_active)
            VALUES (\(UUID.v7()), \(caller.userID), \(report.id), \(report.reportedEntityType), \(report.reportedEntityID), NULL, \(type),
                \(report.severity), \(reason), false)
            RETURNING \(ModeratorAction.columns)
            """)
        guard let action else { throw APIError.forbidden }
        try await tx.publish(
            ModeratorActionTaken(
                action: action.state, moderatorID: caller.userID, reportID: report.id, before: nil, after: nil, riskLevel: Severity.low.rawValue))
    }

    private func lift(_ condition: SQL, _ cause: LiftCause, _ tx: Transaction) async throws -> Outcome? {
        var reversal: SQL = ""
        if case .reversed(let moderator, let reason) = cause {
            reversal = ", reversed_by = \(moderator), reversed_at = now(), reversal_reason = \(reason)"
        }
        let lifted: ModeratorAction? = try await tx.first(
            "UPDATE moderator_actions SET is_active = false\(reversal) WHERE is_active AND \(condition) RETURNING \(ModeratorAction.columns)")
        guard let action = lifted else { return nil }
        let user = try await Self.lock(action.targetUserID, tx)
        let effect = try await ModerationEffects.lift(action, from: user, tx)
        try await tx.publish(
            ModeratorActionLifted(
                action: action.state, cause: cause.name, reversedBy: action.reversedBy, reversalReason: action.reversalReason,
                before: effect.before, after: effect.after, riskLevel: Severity.medium.rawValue))
        if let user, action.actionType.isTold, let notice = mail.actionLifted(action, cause, user) { try await tx.send(notice) }
        return Outcome(action: action)
    }

    /// Whom the report is about; throws when there is no such report.
    private static func reportedUser(_ report: UUID?, _ tx: Transaction) async throws -> UUID? {
        guard let report else { return nil }
        let known: Report? = try await tx.first("SELECT \(Report.columns) FROM reports WHERE id = \(report) FOR SHARE")
        guard let known else { throw APIError.unknown("/report_id", "report") }
        return known.reportedUserID
    }

    private static func target(_ user: UUID?, of new: NewModeratorAction, _ tx: Transaction) async throws -> User? {
        guard let user else { return nil }
        if let found = try await lock(user, tx) { return found }
        throw APIError.unknown(new.targetEntityType == .user ? "/target_entity_id" : "/target_user_id", "account")
    }

    private static func lock(_ user: UUID?, _ tx: Transaction) async throws -> User? {
        guard let user else { return nil }
        return try await tx.first("SELECT \(User.columns) FROM users WHERE id = \(user) AND deleted_at IS NULL FOR NO KEY UPDATE")
    }

    private static func isOfAdministrator(_ action: ModeratorAction, _ tx: Transaction) async throws -> Bool {
        let found: Bool? = try await tx.value(
            """
            SELECT EXISTS (SELECT FROM users WHERE role = 'administrator' AND id = \(action.moderatorID))
                OR EXISTS (SELECT FROM users WHERE role <> 'user' AND id = \(action.targetUserID))
            """)
        return found == true
    }

    private static func risk(of action: ModeratorAction) -> String {
        switch action.actionType {
        case .userSuspended, .userBanned: Severity.high.rawValue
        case .contentRemoved, .accountRestricted: Severity.medium.rawValue
        default: Severity.low.rawValue
        }
    }
}
