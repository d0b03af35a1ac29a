import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Accounts elsewhere, and who is on the way to and from them.
///
/// Whoever comes back is the account that is connected to who they are there, and never one that only has the same address: an account is linked by its
/// owner, who is signed in to it, or by an address that both sides have verified.
struct OAuthStore: Sendable {
    private static let verifierContext = "auth.oauth_attempts.code_verifier"
    private static let accessContext = "auth.oauth_connections.access_token"
    private static let refreshContext = "auth.oauth_connections.refresh_token"

    let postgres: Postgres
    let encryption: Encryption
    let mail: AccountMail

    func begin(
        _ provider: OAuthProvider, state: OpaqueToken, attempt: OpaqueToken, nonce: String, verifier: OpaqueToken, device: DeviceInfo?,
        for caller: Caller?
    ) async throws {
        let sealed = Data(try encryption.seal(verifier.text, context: Self.verifierContext))
        _ = try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                """
                INSERT INTO oauth_attempts (
                    state_hash, attempt_hash, provider, user_id, session_id, nonce, code_verifier_encrypted, device_info, expires_at)
                VALUES (\(state.hash), \(attempt.hash), \(provider.name), \(caller?.userID), \(caller?.sessionID), \(nonce), \(sealed),
                    \(device.map(JSON.init)), now() + \(seconds: Lifetimes.oauthAttempt))
                """)
        }
    }

    /// The attempt that a callback belongs to, used up. Nil when there is none that this client, or this session, has begun.
    func use(_ callback: OAuthCallback, by caller: Caller?) async throws -> (attempt: OAuthAttempt, verifier: OpaqueToken)? {
        let whose: SQL = caller.map { "user_id = \($0.userID) AND session_id = \($0.sessionID)" } ?? "user_id IS NULL"
        let used: OAuthAttempt? = try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.first(
                """
                UPDATE oauth_attempts SET used_at = now()
                WHERE state_hash = \(OpaqueToken(callback.state).hash) AND attempt_hash = \(OpaqueToken(callback.attemptToken).hash)
                    AND \(whose) AND used_at IS NULL AND expires_at > now()
                RETURNING \(OAuthAttempt.columns)
                """)
        }
        guard let used else { return nil }
        return (used, OpaqueToken(try encryption.openString(Array(used.codeVerifier), context: Self.verifierContext)))
    }

    /// A session for who somebody is elsewhere, or a challenge; a new account for whoever has none. Throws `APIError`.
    func signIn(
        _ identity: ProviderIdentity, _ tokens: ProviderTokens, from provider: OAuthProvider, device: DeviceInfo?, token: OpaqueToken
    ) async throws -> OAuthSignIn {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let user = try await owner(identity, provider, tx)
            let account: Credentials? = try await tx.first("SELECT \(Credentials.columns) FROM users WHERE id = \(user) AND deleted_at IS NULL")
            guard let account else { throw APIError.invalidCredentials }
            guard account.user.status.maySignIn else { throw APIError.accountSuspended }
            try await keep(tokens, identity, provider, of: user, tx)
            if account.user.mfaEnabled { return .challenge(try await ChallengeStore.begin(signInOf: account.user, first: "fed", device: device, tx)) }
            let started = try await SignInStore.startSession(
                of: user, token: token, client: .current(device: device), ignoringLock: true, SessionProof(methods: ["fed"]), tx)
            guard let started else { throw APIError.invalidCredentials }
            return .session(started)
        }
    }

    /// Throws `APIError`: 409 when it is another's, or another one of the provider is connected.
    func connect(
        _ identity: ProviderIdentity, _ tokens: ProviderTokens, from provider: OAuthProvider, to caller: Caller
    ) async throws -> OAuthConnection {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let user: User? = try await tx.first("SELECT \(User.columns) FROM users WHERE id = \(caller.userID) AND deleted_at IS NULL FOR UPDATE")
            guard let user else { throw APIError.sessionEnded }
            let taken: Bool? = try await tx.value(
                """
                SELECT EXISTS (
                    SELECT FROM oauth_connections WHERE provider = \(provider.name)
                        AND (user_id = \(user.id)) IS DISTINCT FROM (provider_user_id = \(identity.subject))
                        AND (user_id = \(user.id) OR provider_user_id = \(identity.subject)))
                """)
            if taken == true { throw APIError.connectedElsewhere }
            return try await keep(tokens, identity, provider, of: user.id, tx)
        }
    }

    func list(of caller: Caller) async throws -> [OAuthConnection] {
        try await postgres.all(
            as: caller, "SELECT \(OAuthConnection.columns) FROM oauth_connections WHERE user_id = \(caller.userID) ORDER BY id LIMIT 50")
    }

    /// False when there is no such connection. Throws `APIError`: 409 when nothing else would sign its owner in.
    func disconnect(_ id: UUID, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let user: User? = try await tx.first("SELECT \(User.columns) FROM users WHERE id = \(caller.userID) AND deleted_at IS NULL FOR UPDATE")
            guard let user else { return false }
            let provider: String? = try await tx.value(
                "DELETE FROM oauth_connections WHERE id = \(id) AND user_id = \(user.id) RETURNING provider")
            guard let provider else { return false }
            try await SignInStore.expectMethod(of: user.id, tx)
            try await tell(user, id, provider, "disconnected", tx)
            return true
        }
    }

    /// Every connection of somebody.
    static func erase(_ user: UUID, _ tx: Transaction) async throws {
        _ = try await tx.batch([
            "DELETE FROM oauth_connections WHERE user_id = \(user)", "DELETE FROM oauth_attempts WHERE user_id = \(user)",
        ])
    }

    /// Whose they are: by connection, by an address that both sides have verified, or a new account.
    private func owner(_ identity: ProviderIdentity, _ provider: OAuthProvider, _ tx: Transaction) async throws -> UUID {
        let connected: UUID? = try await tx.value(
            "SELECT user_id FROM oauth_connections WHERE provider = \(provider.name) AND provider_user_id = \(identity.subject) FOR UPDATE")
        if let connected { return connected }
        guard identity.isEmailVerified, let email = identity.email else { throw APIError.noTrustedAddress }
        let created: User? = try await tx.first(
            """
            INSERT INTO users (id, email, email_verified, first_name, last_name, full_name)
            VALUES (\(UUID.v7()), \(email.text), true, \(identity.firstName), \(identity.lastName), \(identity.fullName))
            ON CONFLICT (email) WHERE deleted_at IS NULL DO NOTHING RETURNING \(User.columns)
            """)
        if let created {
            try await tx.publish(UserRegistered(user: created.snapshot))
            return created.id
        }
        // Somebody may have opened an account with an address that is not theirs, and wait: it is no proof until it is verified.
        let known: UUID? = try await tx.value(
            """
            SELECT id FROM users WHERE email = \(email.text) AND deleted_at IS NULL AND email_verified
                AND NOT EXISTS (SELECT FROM oauth_connections c WHERE c.user_id = users.id AND c.provider = \(provider.name))
            """)
        guard let known else { throw APIError.accountExists }
        return known
    }

    @discardableResult
    private func keep(
        _ tokens: ProviderTokens, _ identity: ProviderIdentity, _ provider: OAuthProvider, of user: UUID, _ tx: Transaction
    ) async throws -> OAuthConnection {
        let access = Data(try encryption.seal(tokens.accessToken, context: Self.accessContext))
        let refresh = try tokens.refreshToken.map { Data(try encryption.seal($0, context: Self.refreshContext)) }
        let kept: KeptConnection? = try await tx.first(
            """
            INSERT INTO oauth_connections (
                id, user_id, provider, provider_user_id, access_token_encrypted, refresh_token_encrypted, expires_at, last_used_at)
            VALUES (\(UUID.v7()), \(user), \(provider.name), \(identity.subject), \(access), \(refresh), \(tokens.expiresAt), now())
            ON CONFLICT (provider, provider_user_id) DO UPDATE SET
                access_token_encrypted = excluded.access_token_encrypted,
                refresh_token_encrypted = COALESCE(excluded.refresh_token_encrypted, oauth_connections.refresh_token_encrypted),
                expires_at = excluded.expires_at, last_used_at = now()
            WHERE oauth_connections.user_id = excluded.user_id
            RETURNING \(OAuthConnection.columns), xmax = 0 AS is_new
            """)
        guard let kept else { throw APIError.connectedElsewhere }
        if kept.isNew, let owner: User = try await tx.first("SELECT \(User.columns) FROM users WHERE id = \(user)") {
            try await tell(owner, kept.connection.id, provider.name, "connected", tx)
        }
        return kept.connection
    }

    private func tell(_ user: User, _ id: UUID, _ provider: String, _ change: String, _ tx: Transaction) async throws {
        try await tx.publish(OAuthConnectionChanged(userID: user.id, connectionID: id, provider: provider, change: change))
        try await tx.send(mail.connectionChanged(user, provider, change))
    }

    private struct KeptConnection: RowDecodable {
        var connection: OAuthConnection
        var isNew: Bool
        init(row: Row) throws {
            connection = try OAuthConnection(row: row)
            isNew = try row["is_new"]
        }
    }
}
