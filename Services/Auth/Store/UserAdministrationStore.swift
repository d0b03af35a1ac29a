import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Accounts as administrators look after them. What they do is told with what was before.
struct UserAdministrationStore: Sendable {
    let postgres: Postgres

    /// In the order of addresses.
    func list(_ filter: UserFilter, after email: String?, limit: Int, as caller: Caller) async throws -> [ManagedUser] {
        var conditions: [SQL] = ["deleted_at IS NULL"]
        // Ranges and not LIKE: their operators are leakproof, so the index serves behind the policy.
        if let prefix = filter.email { conditions.append(Self.begins("email", prefix)) }
        if let prefix = filter.username { conditions.append(Self.begins("username", prefix)) }
        if let prefix = filter.name { conditions.append("(\(Self.begins("first_name_key", prefix)) OR \(Self.begins("last_name_key", prefix)))") }
        if let status = filter.status { conditions.append("status = \(status)") }
        if let role = filter.role { conditions.append("role = \(role)") }
        if let userType = filter.userType { conditions.append("user_type = \(userType)") }
        if let isLocked = filter.isLocked { conditions.append(isLocked ? "locked_until > now()" : "(locked_until IS NULL OR locked_until <= now())") }
        if let email { conditions.append("email > \(email)") }
        return try await postgres.all(
            as: caller,
            "SELECT \(ManagedUser.columns) FROM users WHERE \(SQL.joined(conditions, by: " AND ")) ORDER BY email LIMIT \(limit + 1)")
    }

    /// Takes note that an administrator has looked at people's accounts.
    func noteListing(of count: Int, as caller: Caller) async throws {
        try await postgres.transaction(as: caller) { tx in
            try await tx.publish(
                SecurityNoted(
                    act: "accounts_listed", userID: caller.userID, success: true, riskLevel: Severity.medium.rawValue,
                    after: ["accounts": "\(count)"]))
        }
    }

    /// One account; that it was looked at is noted.
    func user(_ id: UUID, as caller: Caller) async throws -> ManagedUser? {
        try await postgres.transaction(as: caller) { tx in
            let user: ManagedUser? = try await tx.first("SELECT \(ManagedUser.columns) FROM users WHERE id = \(id) AND deleted_at IS NULL")
            guard let user else { return nil }
            try await tx.publish(SecurityNoted(act: "account_viewed", userID: id, success: true, riskLevel: Severity.low.rawValue))
            return user
        }
    }

    /// Status and role. Whoever is suspended is signed out everywhere, and stays out whatever becomes of what moderators did; whoever is reinstated is free of
    /// that, too. Nil when there is no such account in that version (in any, when none is named).
    func decide(_ id: UUID, _ decision: AccountDecision, version: Int64?, as caller: Caller) async throws -> (user: ManagedUser, ended: [UUID])? {
        try await postgres.transaction(as: caller) { tx in
            if decision.status != nil { try await ModeratorActionStore.lockSuspensions(of: id, tx) }
            let found: ManagedUser? = try await tx.first(
                "SELECT \(ManagedUser.columns) FROM users WHERE id = \(id) AND deleted_at IS NULL FOR UPDATE")
            guard let before = found?.user, version == nil || before.version == version else { return nil }
            let status = decision.status.map { $0.rawValue }
            let changed: ManagedUser? = try await tx.first(
                """
                UPDATE users SET
                    status_before_suspension = CASE WHEN \(status)::text IS NULL THEN status_before_suspension
                        WHEN \(status)::text = 'suspended' AND status <> 'suspended' THEN status
                        WHEN \(status)::text = 'suspended' THEN status_before_suspension END,
                    status = COALESCE(\(status), status), role = COALESCE(\(decision.role), role) WHERE id = \(id)
                RETURNING \(ManagedUser.columns)
                """)
            guard let changed else { return nil }
            var ended: [UUID] = []
            switch decision.status {
            case .suspended:
                ended = try await SessionStore.end("user_id = \(id)", because: .userSuspended, tx)
                try await ModeratorActionStore.noteSuspension(of: before, note: decision.reason, as: caller, tx)
            case .active: try await ModeratorActionStore.endSuspensions(of: before, as: caller, tx)
            case nil: break
            }
            try await tx.publish(UserUpdated(user: changed.user.snapshot))
            try await tx.publish(
                AccountChanged(
                    userID: id, change: Self.name(of: decision), before: AccountState(before), after: AccountState(changed.user),
                    reason: decision.reason))
            return (changed, ended)
        }
    }

    /// Forgets wrong passwords, so that the next sign-in is not refused. False when there is no such account.
    func unlock(_ id: UUID, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            let known: ManagedUser? = try await tx.first(
                "SELECT \(ManagedUser.columns) FROM users WHERE id = \(id) AND deleted_at IS NULL FOR UPDATE")
            guard let known else { return false }
            try await tx.execute("UPDATE users SET failed_login_attempts = 0, locked_until = NULL WHERE id = \(id)")
            try await tx.publish(
                AccountChanged(
                    userID: id, change: "unlocked", before: AccountState(known.user, failedLoginAttempts: known.failedLoginAttempts),
                    after: AccountState(known.user, failedLoginAttempts: 0), reason: nil))
            return true
        }
    }

    /// Signs somebody out everywhere. Nil when there is no such account.
    func endSessions(of id: UUID, as caller: Caller) async throws -> [UUID]? {
        try await postgres.transaction(as: caller) { tx in
            let known: UUID? = try await tx.value("SELECT id FROM users WHERE id = \(id) AND deleted_at IS NULL")
            guard known != nil else { return nil }
            return try await SessionStore.end("user_id = \(id)", because: .revoked, tx)
        }
    }

    private static func begins(_ column: SQL, _ prefix: String) -> SQL {
        "(\(column) >= \(prefix) AND \(column) < \(prefix + "\u{10FFFF}"))"
    }

    private static func name(of decision: AccountDecision) -> String {
        switch decision.status {
        case .suspended: "suspended"
        case .active: "reinstated"
        case nil: "role_changed"
        }
    }
}
