import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// The second factors that somebody has.
struct FactorStore: Sendable {
    let postgres: Postgres
    let codes: CodeStore
    let challenges: ChallengeStore
    let mail: AccountMail

    func list(of caller: Caller) async throws -> Factors {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let items: [Factor] = try await tx.all(
                "SELECT \(Factor.columns) FROM mfa_factors WHERE user_id = \(caller.userID) AND confirmed_at IS NOT NULL ORDER BY id")
            let left: Int? = try await tx.value(
                """
                SELECT count(*) FROM mfa_tokens
                WHERE user_id = \(caller.userID) AND token_type = 'backup_code' AND used_at IS NULL AND expires_at > now()
                """)
            let isEnabled: Bool? = try await tx.value("SELECT mfa_enabled FROM users WHERE id = \(caller.userID)")
            return Factors(mfaEnabled: isEnabled ?? false, items: items, backupCodesLeft: left ?? 0)
        }
    }

    /// A factor that waits for a code; one that waited before goes. A code is sent where it is not an app that shows it.
    func enrol(_ new: NewFactor, as caller: Caller) async throws -> Enrolment? {
        let totp = new.factorType == .totp ? TOTP.random() : nil
        let secret = totp.map { Array($0.secret) } ?? new.phone.map { Array($0.utf8) }
        let sealed = try secret.map { Data(try codes.encryption.seal($0, context: CodeStore.secretContext)) }
        return try await postgres.transaction(as: ServiceCaller()) { tx in
            // One enrolment of a person after the other.
            let user: User? = try await tx.first("SELECT \(User.columns) FROM users WHERE id = \(caller.userID) AND deleted_at IS NULL FOR UPDATE")
            guard let user else { return nil }
            try await Self.expectRoom(for: new.factorType, of: user, tx)
            let id = UUID.v7()
            let factor: Factor? = try await tx.first(
                """
                INSERT INTO mfa_factors (id, user_id, factor_type, label, secret_encrypted, hint)
                VALUES (\(id), \(user.id), \(new.factorType), \(new.label), \(sealed), \(new.phone.map(FactorChallenge.hint(ofNumber:))))
                RETURNING \(Factor.columns)
                """)
            try await tx.execute(
                """
                INSERT INTO mfa_challenges (id, user_id, purpose, factor_id, expires_at)
                VALUES (\(UUID.v7()), \(user.id), \(ChallengePurpose.enrolment), \(id), now() + \(seconds: Lifetimes.enrolment))
                """)
            if new.factorType != .totp { _ = try await codes.send(new.factorType.method, for: Self.enrolment(id, caller), tx) }
            return factor.map { Enrolment(factor: $0, totp: totp, account: user.email) }
        }
    }

    /// Another code for a factor that waits. False when there is none.
    func resend(_ id: UUID, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let type: FactorType? = try await tx.value(
                "SELECT factor_type FROM mfa_factors WHERE id = \(id) AND user_id = \(caller.userID) AND confirmed_at IS NULL")
            guard let type, type.method.isSent else { return false }
            return try await codes.send(type.method, for: Self.enrolment(id, caller), tx)
        }
    }

    /// Makes a factor good by a code of it. Nil when there is none that waits.
    func confirm(_ id: UUID, code: String, as caller: Caller) async throws -> ChallengeOutcome<ConfirmedFactor>? {
        let type: FactorType? = try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.value("SELECT factor_type FROM mfa_factors WHERE id = \(id) AND user_id = \(caller.userID) AND confirmed_at IS NULL")
        }
        guard let type else { return nil }
        return try await challenges.confirm(id, code: code, method: type.method, as: caller) { account, tx in
            let factor: Factor? = try await tx.first(
                "UPDATE mfa_factors SET confirmed_at = now() WHERE id = \(id) AND confirmed_at IS NULL RETURNING \(Factor.columns)")
            guard let factor else { return nil }
            _ = try await ChallengeStore.note(type.method, in: caller.sessionID, tx)
            // Of two that are confirmed at once the second sees that the first was.
            let isFirst: Bool? = try await tx.value("SELECT NOT mfa_enabled FROM users WHERE id = \(account.user.id) FOR UPDATE")
            let backup = isFirst == true ? try await codes.renewBackupCodes(of: caller.userID, tx).map(\.written) : nil
            try await changed(account.user.id, factor: id, type.rawValue, "added", tx)
            return ConfirmedFactor(factor: factor, backupCodes: backup)
        }
    }

    /// False when there is no such factor. With the last one go the backup codes.
    func remove(_ id: UUID, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let removed: RemovedFactor? = try await tx.first(
                """
                DELETE FROM mfa_factors WHERE id = \(id) AND user_id = \(caller.userID)
                RETURNING factor_type, confirmed_at IS NOT NULL AS is_confirmed
                """)
            guard let removed else { return false }
            if removed.isConfirmed { try await changed(caller.userID, factor: id, removed.type.rawValue, "removed", tx) }
            return true
        }
    }

    /// Nil when there is no factor that they would stand in for.
    func renewBackupCodes(as caller: Caller) async throws -> [BackupCode]? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let user: User? = try await tx.first(
                "SELECT \(User.columns) FROM users WHERE id = \(caller.userID) AND mfa_enabled AND deleted_at IS NULL FOR UPDATE")
            guard let user else { return nil }
            let made = try await codes.renewBackupCodes(of: user.id, tx)
            try await tell(user, factor: nil, FactorMethod.backupCode.rawValue, "replaced", tx)
            return made
        }
    }

    /// An administrator takes away every factor of somebody who has lost them. False when there is no such account, or it has none.
    func reset(_ user: UUID) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let user: User? = try await tx.first(
                "UPDATE users SET mfa_enabled = false WHERE id = \(user) AND mfa_enabled AND deleted_at IS NULL RETURNING \(User.columns)")
            guard let user else { return false }
            try await Self.erase(user.id, tx)
            try await tell(user, factor: nil, "all", "reset", tx)
            try await tx.publish(UserUpdated(user: user.snapshot))
            return true
        }
    }

    /// Every factor, code and challenge of somebody.
    static func erase(_ user: UUID, _ tx: Transaction) async throws {
        _ = try await tx.batch([
            "DELETE FROM mfa_challenges WHERE user_id = \(user)", "DELETE FROM mfa_tokens WHERE user_id = \(user)",
            "DELETE FROM mfa_factors WHERE user_id = \(user)", "DELETE FROM passkey_challenges WHERE user_id = \(user)",
            "DELETE FROM passkeys WHERE user_id = \(user)",
        ])
    }

    /// What ran out, in small batches; any number of copies may do it.
    func sweep() async throws {
        _ = try await postgres.transaction(as: ServiceCaller()) { tx in
            for table: SQL in ["mfa_challenges", "mfa_tokens"] {
                try await tx.execute(
                    """
                    DELETE FROM \(table) WHERE id IN (
                        SELECT id FROM \(table) WHERE expires_at < now() - interval '1 day' ORDER BY expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED)
                    """)
            }
            try await tx.execute(
                """
                DELETE FROM passkey_challenges WHERE challenge_hash IN (
                    SELECT challenge_hash FROM passkey_challenges WHERE expires_at < now() - interval '1 day' ORDER BY expires_at LIMIT 1000
                    FOR UPDATE SKIP LOCKED)
                """)
            try await tx.execute(
                """
                DELETE FROM oauth_attempts WHERE state_hash IN (
                    SELECT state_hash FROM oauth_attempts WHERE expires_at < now() - interval '1 day' ORDER BY expires_at LIMIT 1000
                    FOR UPDATE SKIP LOCKED)
                """)
            try await tx.execute(
                """
                DELETE FROM mfa_factors f WHERE confirmed_at IS NULL AND created_at < now() - interval '1 day'
                    AND NOT EXISTS (SELECT FROM mfa_challenges c WHERE c.factor_id = f.id)
                """)
        }
    }

    /// Whether the account has second factors at all follows from those that it has.
    func changed(_ user: UUID, factor: UUID, _ type: String, _ change: String, _ tx: Transaction) async throws {
        let account: User? = try await tx.first(
            """
            UPDATE users SET mfa_enabled = EXISTS (SELECT FROM mfa_factors WHERE user_id = \(user) AND confirmed_at IS NOT NULL)
                OR EXISTS (SELECT FROM passkeys WHERE user_id = \(user))
            WHERE id = \(user) RETURNING \(User.columns)
            """)
        guard let account else { return }
        if !account.mfaEnabled { try await tx.execute("DELETE FROM mfa_tokens WHERE user_id = \(user) AND token_type = 'backup_code'") }
        try await tell(account, factor: factor, type, change, tx)
        // Every copy of every service reads the sessions anew.
        try await tx.publish(UserUpdated(user: account.snapshot))
    }

    private func tell(_ user: User, factor: UUID?, _ type: String, _ change: String, _ tx: Transaction) async throws {
        try await tx.publish(SecondFactorChanged(userID: user.id, factorID: factor, factorType: type, change: change))
        try await tx.send(mail.factorChanged(user, type, change))
    }

    private static func enrolment(_ id: UUID, _ caller: Caller) -> SQL {
        "purpose = 'enrolment' AND factor_id = \(id) AND user_id = \(caller.userID)"
    }

    /// Throws `APIError`: 409 when there is one of the kind, 403 for a mailbox that is not known to be theirs.
    private static func expectRoom(for type: FactorType, of user: User, _ tx: Transaction) async throws {
        let kind: SQL = "user_id = \(user.id) AND factor_type = \(type)"
        let exists: Bool? = try await tx.value("SELECT EXISTS (SELECT FROM mfa_factors WHERE \(kind) AND confirmed_at IS NOT NULL)")
        if exists == true { throw APIError.factorExists }
        if type == .email, !user.emailVerified { throw APIError.emailNotVerified }
        try await tx.execute("DELETE FROM mfa_factors WHERE \(kind) AND confirmed_at IS NULL")
    }

    private struct RemovedFactor: RowDecodable {
        var type: FactorType
        var isConfirmed: Bool
        init(row: Row) throws {
            type = try row["factor_type"]
            isConfirmed = try row["is_confirmed"]
        }
    }
}
