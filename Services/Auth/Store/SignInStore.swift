import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// What signing in reads and writes: one round trip before the password is compared, one transaction after.
struct SignInStore: Sendable {
    /// So many sessions live at a time: who begins one more ends their oldest.
    static let mostSessions = 100

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

    /// Throws `APIError`: 409 when nothing signs somebody in any more.
    static func expectMethod(of user: UUID, _ tx: Transaction) async throws {
        let remains: Bool? = try await tx.value(
            """
            SELECT password_hash IS NOT NULL OR EXISTS (SELECT FROM oauth_connections WHERE user_id = users.id)
                OR EXISTS (SELECT FROM passkeys WHERE user_id = users.id)
            FROM users WHERE id = \(user)
            """)
        guard remains == true else { throw APIError.lastSignInMethod }
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
    ) async throws -> StartedSession? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await Self.startSession(of: user, token: token, client: client, betterHash: betterHash, proof, tx)
        }
    }

    /// The same inside a transaction. A lock is for guesses at passwords: what cannot be guessed may pass by it. Whoever put their account to rest comes back
    /// here, where everything that was asked of them has been shown.
    static func startSession(
        of user: UUID, token: OpaqueToken, client: ClientInfo, betterHash: String? = nil, ignoringLock: Bool = false, _ proof: SessionProof,
        _ tx: Transaction
    ) async throws -> StartedSession? {
        let session = SessionRow(id: UUID.v7(), userID: user)
        let found: Credentials? = try await tx.first(
            """
            UPDATE users SET
                last_login_at = now(), login_count = login_count + 1, failed_login_attempts = 0, locked_until = NULL
                \(betterHash.map { ", password_hash = \($0)" as SQL } ?? "")
            WHERE id = \(user) AND deleted_at IS NULL
                AND (status IN ('active', 'pending_verification') OR (status = 'inactive' AND deactivated_at IS NOT NULL))
                AND (\(ignoringLock) OR locked_until IS NULL OR locked_until <= now()) AND (\(proof.secondFactorAt != nil) OR NOT mfa_enabled)
            RETURNING \(Credentials.columns)
            """)
        guard var account = found else { return nil }
        if !account.user.status.mayHoldSession, let woken = try await UserStore.wake(user, tx) { account.user = woken }
        _ = try await tx.batch([
            """
            INSERT INTO user_sessions (
                id, user_id, refresh_token_hash, device_info, ip_address, user_agent, location, auth_methods, authenticated_at, second_factor_at,
                expires_at)
            VALUES (
                \(session.id), \(user), \(token.hash), \(client.device.map(JSON.init)), \(client.ipAddress), \(client.userAgent),
                \(client.location.map(JSON.init)), \(proof.methods), \(proof.authenticatedAt), \(proof.secondFactorAt), now() + \(seconds: Lifetimes.idleSession))
            """,
            """
            INSERT INTO refresh_tokens (id, session_id, token_hash, expires_at)
            VALUES (\(UUID.v7()), \(session.id), \(token.hash), now() + \(seconds: Lifetimes.idleSession))
            """,
        ])
        try await tx.publish(SessionStarted(sessionID: session.id, userID: user, methods: proof.methods))
        let living: SQL = "user_id = \(user) AND is_active"
        try await SessionStore.end(
            "\(living) AND id IN (SELECT id FROM user_sessions WHERE \(living) ORDER BY id DESC OFFSET \(Self.mostSessions))", because: .revoked, tx)
        return StartedSession(account: account, session: session, proof: proof)
    }
}
