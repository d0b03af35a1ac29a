import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Changes of addresses. The new one confirms with a token; the old one may take the change back for a while, which also locks out whoever made it.
struct EmailChangeStore: Sendable {
    let postgres: Postgres
    let mail: AccountMail

    /// Mails a token to the new address and tells the old one. When somebody has the new address already, its owner is told that instead, and nobody else
    /// learns it. A change that is still open is replaced; nothing is sent when one was asked for a moment ago.
    func request(_ email: EmailAddress, for user: User) async throws {
        let token = OpaqueToken.random()
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.publish(
                SecurityNoted(act: "email_change_requested", userID: user.id, success: true, riskLevel: Severity.medium.rawValue))
            let owner: User? = try await tx.first("SELECT \(User.columns) FROM users WHERE email = \(email.text) AND deleted_at IS NULL")
            if let owner { return try await tx.send(mail.accountExists(owner)) }
            let isOpen = try await tx.execute(
                """
                INSERT INTO email_changes AS known (id, user_id, old_email, new_email, token_hash, expires_at)
                VALUES (\(UUID.v7()), \(user.id), \(user.email), \(email.text), \(token.hash), now() + \(seconds: Lifetimes.emailChange))
                ON CONFLICT (user_id) WHERE confirmed_at IS NULL DO UPDATE SET
                    old_email = excluded.old_email, new_email = excluded.new_email, token_hash = excluded.token_hash, expires_at = excluded.expires_at,
                    created_at = now()
                WHERE known.created_at < now() - \(seconds: Lifetimes.mailPause) OR known.new_email <> excluded.new_email
                """)
            guard isOpen == 1 else { return }
            try await tx.send(mail.confirmEmailChange(user, to: email.text, token))
            try await tx.send(mail.emailChangeAsked(user))
        }
    }

    /// Puts the new address in place. Nil when the token is no good; throws 409 when somebody else has opened an account with the address meanwhile.
    func confirm(_ token: OpaqueToken) async throws -> User? {
        let back = OpaqueToken.random()
        return try await Self.telling {
            try await postgres.transaction(as: ServiceCaller()) { tx in
                let change: EmailChange? = try await tx.first(
                    """
                    UPDATE email_changes SET
                        confirmed_at = now(), revert_token_hash = \(back.hash), revert_expires_at = now() + \(seconds: Lifetimes.emailTakeBack)
                    WHERE token_hash = \(token.hash) AND confirmed_at IS NULL AND expires_at > now() RETURNING \(EmailChange.columns)
                    """)
                guard let change, let user = try await Self.move(change.userID, to: change.newEmail, Self.noReset, as: "email_changed", tx)
                else { return nil }
                try await tx.send(mail.emailChanged(user, at: change.oldEmail, takeBack: back))
                try await tx.send(mail.emailChanged(user, at: change.newEmail, takeBack: nil))
                return user
            }
        }
    }

    /// Gives the account back to the old address. Whoever changed it may know the password, too: it is void, everything signed in ends, and the old address gets
    /// a link to choose another. Nil when the token is no good.
    func takeBack(_ token: OpaqueToken) async throws -> (user: User, ended: [UUID])? {
        let reset = OpaqueToken.random()
        return try await Self.telling {
            try await postgres.transaction(as: ServiceCaller()) { tx in
                let change: EmailChange? = try await tx.first(
                    """
                    UPDATE email_changes SET reverted_at = now()
                    WHERE revert_token_hash = \(token.hash) AND reverted_at IS NULL AND revert_expires_at > now() RETURNING \(EmailChange.columns)
                    """)
                guard let change else { return nil }
                // Whatever signs in and was added since is the stranger's.
                for table: SQL in ["mfa_factors", "passkeys", "oauth_connections"] {
                    try await tx.execute("DELETE FROM \(table) WHERE user_id = \(change.userID) AND created_at >= \(change.createdAt)")
                }
                let secrets: SQL = """
                    mfa_enabled = EXISTS (SELECT FROM mfa_factors f WHERE f.user_id = users.id AND f.confirmed_at IS NOT NULL)
                        OR EXISTS (SELECT FROM passkeys p WHERE p.user_id = users.id),
                    password_hash = NULL, password_reset_token_hash = \(reset.hash),
                    password_reset_expires = now() + \(seconds: Lifetimes.passwordReset)
                    """
                guard let user = try await Self.move(change.userID, to: change.oldEmail, secrets, as: "email_taken_back", tx) else { return nil }
                try await ChallengeStore.endSignIns(of: user.id, tx)
                // Codes that were written down anew are the stranger's, too; those of before have been void since.
                let backup: SQL = "user_id = \(user.id) AND token_type = 'backup_code'"
                try await tx.execute("DELETE FROM mfa_tokens WHERE \(backup) AND (created_at >= \(change.createdAt) OR \(!user.mfaEnabled))")
                // Later changes of the same account were made by the same stranger.
                try await tx.execute("DELETE FROM email_changes WHERE user_id = \(user.id) AND id > \(change.id)")
                let ended = try await SessionStore.end("user_id = \(user.id)", because: .revoked, tx)
                try await APIKeyStore.revoke("user_id = \(user.id)", because: "email_taken_back", tx)
                try await tx.send(mail.resetPassword(user, reset))
                return (user, ended)
            }
        }
    }

    /// A link that was mailed to the old address is of no use any more.
    private static let noReset: SQL = "password_reset_token_hash = NULL, password_reset_expires = NULL"

    private static func move(_ id: UUID, to email: String, _ more: SQL, as change: String, _ tx: Transaction) async throws -> User? {
        let known: User? = try await tx.first("SELECT \(User.columns) FROM users WHERE id = \(id) AND deleted_at IS NULL FOR UPDATE")
        guard let before = known else { return nil }
        let moved: User? = try await tx.first(
            """
            UPDATE users SET
                email = \(email), email_verified = true, status = CASE status WHEN 'pending_verification' THEN 'active' ELSE status END,
                email_verification_token_hash = NULL, email_verification_expires = NULL, \(more)
            WHERE id = \(id) RETURNING \(User.columns)
            """)
        guard let moved else { return nil }
        try await tx.publish(UserUpdated(user: moved.snapshot, before: before.snapshot, changedFields: ["email"]))
        try await tx.publish(
            AccountChanged(
                userID: id, change: change, before: AccountState(addressOf: before), after: AccountState(addressOf: moved), reason: nil))
        return moved
    }

    private static func telling<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as PostgresError where error.constraint == "users_email_key" {
            throw APIError.conflict("email-taken", "Somebody has an account with this address.")
        }
    }

    private struct EmailChange: RowDecodable {
        static let columns: SQL = "id, user_id, old_email, new_email, created_at"
        var id: UUID
        var userID: UUID
        var oldEmail: String
        var newEmail: String
        /// When it was asked for.
        var createdAt: Date

        init(row: Row) throws {
            id = try row["id"]
            userID = try row["user_id"]
            oldEmail = try row["old_email"]
            newEmail = try row["new_email"]
            createdAt = try row["created_at"]
        }
    }
}
