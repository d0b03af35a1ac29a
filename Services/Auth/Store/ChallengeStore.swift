import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Second factors that are asked for and shown.
///
/// A try is taken before its code is compared, by the statement that finds the challenge, so that no number of tries at once is more than the few that
/// there are. Wrong codes count as wrong passwords do, over all challenges: with a known password in hand nobody goes on guessing.
struct ChallengeStore: Sendable {
    static let mostAttempts = 5

    let postgres: Postgres
    let codes: CodeStore
    let passkeys: PasskeyProofs

    /// After the right password. `betterHash` is the password hashed anew, when the stored hash is too cheap.
    func begin(signInOf account: Credentials, first method: String, device: DeviceInfo?, betterHash: String?) async throws -> FactorChallenge {
        let user = account.user
        return try await postgres.transaction(as: ServiceCaller()) { tx in
            if let betterHash {
                try await tx.execute(
                    "UPDATE users SET password_hash = \(betterHash) WHERE id = \(user.id) AND password_hash = \(account.passwordHash)")
            }
            return try await Self.begin(signInOf: user, first: method, device: device, tx)
        }
    }

    /// The same inside a transaction, after whatever proved who somebody is.
    static func begin(signInOf user: User, first method: String, device: DeviceInfo?, _ tx: Transaction) async throws -> FactorChallenge {
        let token = OpaqueToken.random()
        try await tx.execute(
            """
            INSERT INTO mfa_challenges (id, user_id, purpose, token_hash, first_method, device_info, expires_at)
            VALUES (\(UUID.v7()), \(user.id), \(ChallengePurpose.signIn), \(token.hash), \(method), \(device.map(JSON.init)),
                now() + \(seconds: Lifetimes.challenge))
            """)
        return FactorChallenge(challengeToken: token.text, methods: try await methods(of: user, tx))
    }

    /// Within a session. Nil when the account has no second factor.
    func begin(stepUpOf caller: Caller) async throws -> FactorChallenge? {
        let token = OpaqueToken.random()
        return try await postgres.transaction(as: ServiceCaller()) { tx in
            let user: User? = try await tx.first("SELECT \(User.columns) FROM users WHERE id = \(caller.userID) AND mfa_enabled")
            guard let user else { return nil }
            try await tx.execute(
                """
                INSERT INTO mfa_challenges (id, user_id, purpose, token_hash, session_id, expires_at)
                VALUES (\(UUID.v7()), \(user.id), \(ChallengePurpose.stepUp), \(token.hash), \(caller.sessionID),
                    now() + \(seconds: Lifetimes.challenge))
                """)
            return FactorChallenge(challengeToken: token.text, methods: try await Self.methods(of: user, tx))
        }
    }

    /// Finishes a sign-in: a session whose first refresh token is `token`.
    func signIn(_ answer: ChallengeAnswer, token: OpaqueToken) async throws -> ChallengeOutcome<StartedSession> {
        let presented: SQL = "purpose = 'sign_in' AND token_hash = \(OpaqueToken(answer.challengeToken).hash)"
        return try await meet(presented, answer.method, answer.shown) { challenge, account, tx in
            let proof = SessionProof.strong(challenge.firstMethod, answer.method)
            let client = ClientInfo.current(device: challenge.device)
            return try await SignInStore.startSession(of: account.user.id, token: token, client: client, proof, tx)
        }
    }

    /// Sign-ins that wait for a second factor began with what proves nothing any more.
    static func endSignIns(of user: UUID, _ tx: Transaction) async throws {
        try await tx.execute("DELETE FROM mfa_challenges WHERE user_id = \(user) AND purpose = 'sign_in'")
    }

    /// Notes in the caller's session that a second factor was shown.
    func stepUp(_ answer: ChallengeAnswer, as caller: Caller) async throws -> ChallengeOutcome<StartedSession> {
        let presented: SQL = """
            purpose = 'step_up' AND session_id = \(caller.sessionID) AND token_hash = \(OpaqueToken(answer.challengeToken).hash)
            """
        return try await meet(presented, answer.method, answer.shown) { _, account, tx in
            let proof: SessionProof? = try await Self.note(answer.method, in: caller.sessionID, tx)
            guard let proof else { return nil }
            let session = SessionRow(id: caller.sessionID, userID: caller.userID)
            try await tx.publish(SessionSteppedUp(sessionID: session.id, userID: session.userID, method: answer.method.rawValue))
            return StartedSession(account: account, session: session, proof: proof)
        }
    }

    /// Sends a code for a sign-in, or for a step within a session. False when there is no such challenge, or the account has no such factor.
    func sendCode(_ wish: CodeRequest, in session: UUID?) async throws -> Bool {
        let token = OpaqueToken(wish.challengeToken).hash
        let whose: SQL = session.map { "purpose = 'step_up' AND session_id = \($0)" } ?? "purpose = 'sign_in'"
        return try await postgres.transaction(as: ServiceCaller()) { tx in
            try await codes.send(wish.method, for: "\(whose) AND token_hash = \(token)", tx)
        }
    }

    /// Confirms a factor that waits for it; `then` runs in the same transaction.
    func confirm<Met: Sendable>(
        _ factor: UUID, code: String, method: FactorMethod, as caller: Caller,
        then: @Sendable @escaping (Credentials, Transaction) async throws -> Met?
    ) async throws -> ChallengeOutcome<Met> {
        let presented: SQL = "purpose = 'enrolment' AND factor_id = \(factor) AND user_id = \(caller.userID)"
        return try await meet(presented, method, .code(code)) { _, account, tx in try await then(account, tx) }
    }

    /// That a second factor was shown in a session just now.
    static func note(_ method: FactorMethod, in session: UUID, _ tx: Transaction) async throws -> SessionProof? {
        try await tx.first(
            """
            UPDATE user_sessions SET
                second_factor_at = now(), authenticated_at = now(),
                auth_methods = ARRAY(SELECT DISTINCT unnest(auth_methods || ARRAY[\(method.reference), 'mfa']) ORDER BY 1)
            WHERE id = \(session) AND is_active RETURNING \(SessionProof.columns)
            """)
    }

    private func meet<Met: Sendable>(
        _ presented: SQL, _ method: FactorMethod, _ shown: ShownFactor,
        then: @Sendable @escaping (Challenge, Credentials, Transaction) async throws -> Met?
    ) async throws -> ChallengeOutcome<Met> {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let challenge: Challenge? = try await tx.first(
                """
                UPDATE mfa_challenges SET attempts = attempts + 1
                WHERE \(presented) AND passed_at IS NULL AND attempts < \(Self.mostAttempts) AND expires_at > now()
                RETURNING \(Challenge.columns)
                """)
            guard let challenge else { return .ended }
            let account: Credentials? = try await tx.first(
                "SELECT \(Credentials.columns) FROM users WHERE id = \(challenge.userID) AND deleted_at IS NULL")
            guard let account, !account.isLocked, account.user.status.maySignIn else { return .ended }
            guard try await take(shown, method, for: challenge, of: account.user, tx) else {
                if challenge.purpose != .enrolment { try await SignInStore.noteFailure(of: challenge.userID, tx) }
                try await tx.publish(
                    SecondFactorFailed(
                        userID: challenge.userID, method: method.rawValue, purpose: challenge.purpose.rawValue, reason: "wrong_code"))
                return .wrong
            }
            try await tx.execute("UPDATE mfa_challenges SET passed_at = now() WHERE id = \(challenge.id)")
            guard let met = try await then(challenge, account, tx) else { return .ended }
            return .met(met)
        }
    }

    private func take(
        _ shown: ShownFactor, _ method: FactorMethod, for challenge: Challenge, of user: User, _ tx: Transaction
    ) async throws -> Bool {
        switch shown {
        case .code(let code): try await codes.take(code, method, for: challenge, of: user, tx)
        case .signature(let response): try await passkeys.take(response, for: challenge, tx)
        }
    }

    private static func methods(of user: User, _ tx: Transaction) async throws -> [FactorChallenge.Method] {
        let found: [FoundMethod] = try await tx.all(
            """
            SELECT factor_type AS method, hint FROM mfa_factors WHERE user_id = \(user.id) AND confirmed_at IS NOT NULL
            UNION ALL
            SELECT 'passkey', NULL WHERE EXISTS (SELECT FROM passkeys WHERE user_id = \(user.id))
            UNION ALL
            SELECT 'backup_code', NULL WHERE EXISTS (
                SELECT FROM mfa_tokens WHERE user_id = \(user.id) AND token_type = 'backup_code' AND used_at IS NULL AND expires_at > now())
            """)
        let methods = found.map(\.method).map { method in
            FactorChallenge.Method(method: method.method, hint: method.method == .email ? FactorChallenge.hint(ofAddress: user.email) : method.hint)
        }
        return FactorMethod.allCases.flatMap { kind in methods.filter { $0.method == kind } }
    }

    private struct FoundMethod: RowDecodable {
        var method: FactorChallenge.Method
        init(row: Row) throws { method = FactorChallenge.Method(method: try row["method"], hint: try row["hint"]) }
    }
}
