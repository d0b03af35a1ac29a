import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// What an administrator decides of an account's status, as an action beside those of moderators: the account is out for as long as one of them stands.
extension ModeratorActionStore {
    private static let suspensions: SQL = "is_active AND target_entity_type = 'user' AND action_type IN ('user_suspended', 'user_banned')"

    /// Before the account itself, as whoever reverses one locks them.
    static func lockSuspensions(of user: UUID, _ tx: Transaction) async throws {
        _ = try await tx.rows("SELECT id FROM moderator_actions WHERE target_entity_id = \(user) AND \(suspensions) ORDER BY id FOR UPDATE")
    }

    /// That an administrator has suspended somebody, without an end. The note is for moderators alone.
    static func noteSuspension(of user: User, note: String?, as caller: Caller, _ tx: Transaction) async throws {
        let action: ModeratorAction? = try await tx.first(
            """
            INSERT INTO moderator_actions (id, moderator_id, target_entity_type, target_entity_id, target_user_id, action_type, severity, reason,
                is_active, internal_notes)
            VALUES (\(UUID.v7()), \(caller.userID), \(ModeratedEntity.user), \(user.id), \(user.id), \(ModeratorActionType.userBanned),
                \(Severity.high), 'An administrator has suspended this account.', true, \(note))
            RETURNING \(ModeratorAction.columns)
            """)
        guard let action else { throw APIError.forbidden }
        try await tx.publish(
            ModeratorActionTaken(
                action: action.state, moderatorID: caller.userID, reportID: nil, before: ModeratedState(status: user.status.rawValue),
                after: ModeratedState(status: UserStatus.suspended.rawValue), riskLevel: Severity.high.rawValue))
    }

    /// Reverses whatever keeps somebody out.
    static func endSuspensions(of user: User, as caller: Caller, _ tx: Transaction) async throws {
        let ended: [ModeratorAction] = try await tx.all(
            """
            UPDATE moderator_actions SET is_active = false, reversed_by = \(caller.userID), reversed_at = now(),
                reversal_reason = 'An administrator has reinstated this account.'
            WHERE target_entity_id = \(user.id) AND \(suspensions) RETURNING \(ModeratorAction.columns)
            """)
        try await tx.publish(
            ended.map { action in
                ModeratorActionLifted(
                    action: action.state, cause: "reversed", reversedBy: action.reversedBy, reversalReason: action.reversalReason,
                    before: ModeratedState(status: user.status.rawValue), after: ModeratedState(status: UserStatus.active.rawValue),
                    riskLevel: Severity.medium.rawValue)
            })
    }
}
