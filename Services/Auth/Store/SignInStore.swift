import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// What signing in reads and writes: one round trip before the password is compared, one transaction after.
struct SignInStore: Sendable {
    let postgres: Postgres

    /// Nobody has signed in yet, so it is the service that asks.
    func credentials(email: EmailAddress) async throws -> Credentials? {
        try await postgres.first(
            as: ServiceCaller(), "SELECT \(Credentials.columns) FROM users WHERE email = \(email.text) AND deleted_at IS NULL")
    }

    func credentials(of user: UUID) async throws -> Credentials? {
        try await postgres.first(as: ServiceCaller(), "SELECT \(Credentials.columns) FROM users WHERE id = \(user) AND deleted_at IS NULL")
    }

    /// Whether the caller has signed in a short while ago.
    func isFresh(_ caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.value(
                "SELECT EXISTS (SELECT FROM user_sessions WHERE id = \(caller.sessionID) AND authenticated_at > now() - interval '10 minutes')")
                ?? false
        }
    }

    /// Counts a wrong password, and locks the account when there were too many in a row.
    func noteFailure(of user: UUID, act: String) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in try await Self.noteFailure(of: user, act: act, tx) }
    }

    /// Takes note of a sign-in that came to nothing, of whatever account: the trail is to show who is tried, and a known one must not take longer.
    func noteRefusal(of user: UUID?) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let act = user == nil ? "sign_in_failed" : "sign_in_refused"
            try await tx.publish(SecurityNoted(act: act, userID: user, success: false, riskLevel: Severity.medium.rawValue))
        }
    }

    /// The same inside a transaction, for a wrong code as well, which has an event of its own and so no `act`.
    static func noteFailure(of user: UUID, act: String? = nil, _ tx: Transaction) async throws {
        let failures: Int? = try await tx.value(
            "UPDATE users SET failed_login_attempts = failed_login_attempts + 1 WHERE id = \(user) RETURNING failed_login_attempts")
        guard let failures else { return }
        let (before, after) = (["failed_login_attempts": "\(failures - 1)"], ["failed_login_attempts": "\(failures)"])
        if let act {
            try await tx.publish(
                SecurityNoted(act: act, userID: user, success: false, riskLevel: Severity.medium.rawValue, before: before, after: after))
        }
        guard let delay = LockoutRule.delay(afterFailures: failures) else { return }
        try await tx.publish(
            SecurityNoted(act: "account_locked", userID: user, success: false, riskLevel: Severity.high.rawValue, before: before, after: after))
        try await tx.execute("UPDATE users SET locked_until = now() + \(seconds: Int(delay.components.seconds)) WHERE id = \(user)")
    }

    /// Starts a session whose first refresh token is `token`. Nil when the account was locked, suspended or deleted, or got a second factor, while the
    /// password was compared.
    func startSession(
        of user: UUID, token: OpaqueToken, client: ClientInfo, betterHash: String?, _ proof: SessionProof
    ) async throws -> SessionRow? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await Self.startSession(of: user, token: token, client: client, betterHash: betterHash, proof, tx)
        }
    }

    /// The same inside a transaction. A lock is for guesses at passwords: what cannot be guessed may pass by it.
    static func startSession(
        of user: UUID, token: OpaqueToken, client: ClientInfo, betterHash: String? = nil, ignoringLock: Bool = false, _ proof: SessionProof,
        _ tx: Transaction
    ) async throws -> SessionRow? {
        let session = SessionRow(id: UUID.v7(), userID: user)
        let touched = try await tx.execute(
            """
            UPDATE users SET
                last_login_at = now(), login_count = login_count + 1, failed_login_attempts = 0, locked_until = NULL
                \(betterHash.map { ", password_hash = \($0)" as SQL } ?? "")
            WHERE id = \(user) AND deleted_at IS NULL AND status IN ('active', 'pending_verification')
                AND (\(ignoringLock) OR locked_until IS NULL OR locked_until <= now()) AND (\(proof.secondFactorAt != nil) OR NOT mfa_enabled)
            """)
        guard touched == 1 else { return nil }
        _ = try await tx.batch([
            """
            INSERT INTO user_sessions (
                id, user_id, refresh_token_hash, device_info, ip_address, user_agent, auth_methods, authenticated_at, second_factor_at, expires_at)
            VALUES (
                \(session.id), \(user), \(token.hash), \(client.device.map(JSON.init)), \(client.ipAddress), \(client.userAgent),
                \(proof.methods), \(proof.authenticatedAt), \(proof.secondFactorAt), now() + \(seconds: Lifetimes.idleSession))
            """,
            """
            INSERT INTO refresh_tokens (id, session_id, token_hash, expires_at)
            VALUES (\(UUID.v7()), \(session.id), \(token.hash), now() + \(seconds: Lifetimes.idleSession))
            """,
        ])
        try await tx.publish(SessionStarted(sessionID: session.id, userID: user, methods: proof.methods))
        return session
    }
}
