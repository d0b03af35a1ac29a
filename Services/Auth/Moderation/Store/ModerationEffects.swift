import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// What a standing action changes, and what its end changes back unless another one still holds. The account is locked by the caller, so that of two
/// that end at once the second sees that the first has.
enum ModerationEffects {
    struct Effect: Sendable {
        var before: ModeratedState?
        var after: ModeratedState?
        var ended: [UUID] = []
    }

    static func apply(_ action: ModeratorAction, to user: User?, _ tx: Transaction) async throws -> Effect {
        switch action.actionType {
        case .userSuspended, .userBanned:
            guard let user else { return Effect() }
            let changed = try await update(
                user.id,
                """
                status_before_suspension = CASE status WHEN 'suspended' THEN status_before_suspension ELSE status END, status = 'suspended'
                """, tx)
            let ended = try await SessionStore.end("user_id = \(user.id)", because: .userSuspended, tx)
            return Effect(
                before: ModeratedState(status: user.status.rawValue), after: ModeratedState(status: changed?.status.rawValue), ended: ended)
        case .accountRestricted:
            guard let user else { return Effect() }
            let before = try await isRestricted(user.id, tx)
            _ = try await update(user.id, "is_restricted = true", tx)
            return Effect(before: ModeratedState(isRestricted: before), after: ModeratedState(isRestricted: true))
        case .contentRemoved:
            let version: Int64? = try await tx.value(
                """
                INSERT INTO content_states AS known (entity_type, entity_id, is_removed)
                VALUES (\(action.targetEntityType), \(action.targetEntityID), true)
                ON CONFLICT (entity_type, entity_id) DO UPDATE SET is_removed = true, version = known.version + 1 WHERE NOT known.is_removed
                RETURNING version
                """)
            guard let version else { return Effect(before: ModeratedState(isRemoved: true), after: ModeratedState(isRemoved: true)) }
            try await tx.publish(
                ContentRemoved(
                    entityType: action.targetEntityType.rawValue, entityID: action.targetEntityID, actionID: action.id, version: version))
            return Effect(before: ModeratedState(isRemoved: false), after: ModeratedState(isRemoved: true))
        default:
            return Effect()
        }
    }

    static func lift(_ action: ModeratorAction, from user: User?, _ tx: Transaction) async throws -> Effect {
        switch action.actionType {
        case .userSuspended, .userBanned:
            guard let user, try await !holds(["user_suspended", "user_banned"], on: action, tx) else { return Effect() }
            let changed: User? = try await tx.first(
                """
                UPDATE users SET status = COALESCE(status_before_suspension, 'active'), status_before_suspension = NULL
                WHERE id = \(user.id) AND status = 'suspended' RETURNING \(User.columns)
                """)
            guard let changed else { return Effect() }
            try await tx.publish(UserUpdated(user: changed.snapshot))
            return Effect(before: ModeratedState(status: user.status.rawValue), after: ModeratedState(status: changed.status.rawValue))
        case .accountRestricted:
            guard let user, try await !holds(["account_restricted"], on: action, tx) else { return Effect() }
            _ = try await update(user.id, "is_restricted = false", tx)
            return Effect(before: ModeratedState(isRestricted: true), after: ModeratedState(isRestricted: false))
        case .contentRemoved:
            return try await restore(action, tx)
        default:
            return Effect()
        }
    }

    private static func restore(_ action: ModeratorAction, _ tx: Transaction) async throws -> Effect {
        let place: SQL = "entity_type = \(action.targetEntityType) AND entity_id = \(action.targetEntityID)"
        // Locked first, so that of two that end at once the second sees that the first has.
        _ = try await tx.rows("SELECT version FROM content_states WHERE \(place) FOR UPDATE")
        guard try await !holds(["content_removed"], on: action, tx) else { return Effect() }
        let version: Int64? = try await tx.value(
            "UPDATE content_states SET is_removed = false, version = version + 1 WHERE \(place) AND is_removed RETURNING version")
        guard let version else { return Effect() }
        try await tx.publish(
            ContentRestored(
                entityType: action.targetEntityType.rawValue, entityID: action.targetEntityID, actionID: action.id, version: version))
        return Effect(before: ModeratedState(isRemoved: true), after: ModeratedState(isRemoved: false))
    }

    /// Whether another action of these kinds still holds on the same target.
    private static func holds(_ types: [String], on action: ModeratorAction, _ tx: Transaction) async throws -> Bool {
        let found: Bool? = try await tx.value(
            """
            SELECT EXISTS (
                SELECT FROM moderator_actions WHERE target_entity_type = \(action.targetEntityType) AND target_entity_id = \(action.targetEntityID)
                    AND is_active AND action_type = ANY (\(types)::text[]))
            """)
        return found == true
    }

    private static func isRestricted(_ user: UUID, _ tx: Transaction) async throws -> Bool {
        let found: Bool? = try await tx.value("SELECT is_restricted FROM users WHERE id = \(user)")
        return found == true
    }

    private static func update(_ user: UUID, _ assignments: SQL, _ tx: Transaction) async throws -> User? {
        let changed: User? = try await tx.first(
            "UPDATE users SET \(assignments) WHERE id = \(user) AND deleted_at IS NULL RETURNING \(User.columns)")
        if let changed { try await tx.publish(UserUpdated(user: changed.snapshot)) }
        return changed
    }
}
