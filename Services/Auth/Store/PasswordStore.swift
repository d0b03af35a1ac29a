import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Changes of passwords.
struct PasswordStore: Sendable {
    let postgres: Postgres
    let mail: AccountMail

    /// Mails a link to whoever has an account with that address, also one that they have put to rest: it is their way back. Nothing to anybody else, nor when
    /// one was sent a moment ago.
    func requestReset(for email: EmailAddress) async throws {
        let token = OpaqueToken.random()
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let user: User? = try await tx.first(
                """
                UPDATE users SET password_reset_token_hash = \(token.hash), password_reset_expires = now() + \(seconds: Lifetimes.passwordReset)
                WHERE email = \(email.text) AND deleted_at IS NULL
                    AND (status IN ('active', 'pending_verification') OR (status = 'inactive' AND deactivated_at IS NOT NULL)) AND (
                    password_reset_expires IS NULL
                    OR password_reset_expires < now() + \(seconds: Lifetimes.passwordReset - Lifetimes.mailPause))
                RETURNING \(User.columns)
                """)
            guard let user else { return }
            try await tx.send(mail.resetPassword(user, token))
            try await tx.publish(
                SecurityNoted(act: "password_reset_requested", userID: user.id, success: true, riskLevel: Severity.medium.rawValue))
        }
    }

    /// Whose password a reset token may change; nil when it is no good.
    func owner(of token: OpaqueToken) async throws -> User? {
        try await postgres.first(
            as: ServiceCaller(),
            """
            SELECT \(User.columns) FROM users
            WHERE password_reset_token_hash = \(token.hash) AND password_reset_expires > now() AND deleted_at IS NULL
            """)
    }

    /// Sets a new password with a reset token, which is used up, and ends every session. Whoever has the token reads the mail, so the address is
    /// verified, too. Returns the sessions that ended; nil when the token was used meanwhile.
    func reset(_ token: OpaqueToken, to hash: String) async throws -> [UUID]? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let user: User? = try await tx.first(
                """
                UPDATE users SET
                    password_hash = \(hash), password_reset_token_hash = NULL, password_reset_expires = NULL, email_verified = true,
                    failed_login_attempts = 0, locked_until = NULL
                WHERE password_reset_token_hash = \(token.hash) AND password_reset_expires > now() AND deleted_at IS NULL
                RETURNING \(User.columns)
                """)
            guard let user else { return nil }
            try await ChallengeStore.endSignIns(of: user.id, tx)
            let ended = try await SessionStore.end("user_id = \(user.id)", because: .passwordChanged, tx)
            try await tx.publish(UserUpdated(user: user.snapshot))
            try await tx.publish(Self.noted("password_reset", user.id, ended))
            return ended
        }
    }

    /// Sets a new password for somebody who has just given the old one (nil when there was none), unless that has been changed meanwhile, and ends every
    /// other session.
    func change(_ caller: Caller, from old: String?, to hash: String) async throws -> [UUID]? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let touched = try await tx.execute(
                """
                UPDATE users SET password_hash = \(hash), password_reset_token_hash = NULL, password_reset_expires = NULL
                WHERE id = \(caller.userID) AND password_hash IS NOT DISTINCT FROM \(old) AND deleted_at IS NULL
                """)
            guard touched == 1 else { return nil }
            try await ChallengeStore.endSignIns(of: caller.userID, tx)
            let ended = try await SessionStore.end("user_id = \(caller.userID) AND id <> \(caller.sessionID)", because: .passwordChanged, tx)
            try await tx.publish(Self.noted("password_changed", caller.userID, ended))
            return ended
        }
    }

    private static func noted(_ act: String, _ user: UUID, _ ended: [UUID]) -> SecurityNoted {
        SecurityNoted(act: act, userID: user, success: true, riskLevel: Severity.high.rawValue, after: ["ended_sessions": "\(ended.count)"])
    }
}
