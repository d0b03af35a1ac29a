import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Passkeys, and what authenticators are asked to sign.
struct PasskeyStore: Sendable {
    /// How many one person may have.
    private static let most = 20

    let postgres: Postgres
    let proofs: PasskeyProofs
    let factors: FactorStore

    func list(of caller: Caller) async throws -> [Passkey] {
        try await postgres.all(
            as: caller, "SELECT \(Passkey.columns) FROM passkeys WHERE user_id = \(caller.userID) ORDER BY id LIMIT \(Self.most)")
    }

    /// Throws `APIError`: 409 when there are too many.
    func creationOptions(for caller: Caller) async throws -> PasskeyCreationOptions? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let user: User? = try await tx.first("SELECT \(User.columns) FROM users WHERE id = \(caller.userID) AND deleted_at IS NULL")
            guard let user else { return nil }
            let known = try await Self.descriptors(of: user.id, tx)
            guard known.count < Self.most else { throw APIError.tooManyPasskeys }
            let challenge = try await PasskeyProofs.challenge(.registration, user: user.id, tx)
            return PasskeyCreationOptions(
                rp: .init(id: proofs.webAuthn.relyingPartyID),
                user: .init(id: user.id.data.base64URL, name: user.email, displayName: user.fullName ?? user.firstName ?? user.email),
                challenge: challenge.text, excludeCredentials: known)
        }
    }

    /// For somebody who has not said who they are.
    func signInOptions() async throws -> PasskeyRequestOptions {
        let challenge = try await postgres.transaction(as: ServiceCaller()) { tx in try await PasskeyProofs.challenge(.signIn, user: nil, tx) }
        return PasskeyRequestOptions(
            challenge: challenge.text, rpId: proofs.webAuthn.relyingPartyID, allowCredentials: [], userVerification: "required")
    }

    /// For somebody who is asked for a second factor. Nil when there is no such challenge, or they have no passkey.
    func secondFactorOptions(_ token: OpaqueToken, in session: UUID?) async throws -> PasskeyRequestOptions? {
        let whose: SQL = session.map { "purpose = 'step_up' AND session_id = \($0)" } ?? "purpose = 'sign_in'"
        return try await postgres.transaction(as: ServiceCaller()) { tx in
            let asked: Challenge? = try await tx.first(
                """
                SELECT \(Challenge.columns) FROM mfa_challenges
                WHERE \(whose) AND token_hash = \(token.hash) AND passed_at IS NULL AND attempts < \(ChallengeStore.mostAttempts)
                    AND expires_at > now()
                """)
            guard let asked else { return nil }
            let known = try await Self.descriptors(of: asked.userID, tx)
            guard !known.isEmpty else { return nil }
            let challenge = try await PasskeyProofs.challenge(.secondFactor, user: asked.userID, mfa: asked.id, tx)
            return PasskeyRequestOptions(
                challenge: challenge.text, rpId: proofs.webAuthn.relyingPartyID, allowCredentials: known, userVerification: "preferred")
        }
    }

    /// Keeps a new passkey. Throws `APIError`: 422 when it is not believed, 409 when it is known.
    func register(_ response: RegistrationResponse, label: String, as caller: Caller) async throws -> RegisteredPasskey {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let challenge = try await PasskeyProofs.use(response.clientDataJSON, "purpose = 'registration' AND user_id = \(caller.userID)", tx)
            guard let challenge else { throw APIError.passkeyRefused("its challenge is over") }
            let new = try APIError.believing { () throws(PasskeyError) in try proofs.webAuthn.register(response, challenge: challenge) }
            let user: User? = try await tx.first("SELECT \(User.columns) FROM users WHERE id = \(caller.userID) AND deleted_at IS NULL FOR UPDATE")
            guard let user else { throw APIError.sessionEnded }
            guard try await Self.descriptors(of: user.id, tx).count < Self.most else { throw APIError.tooManyPasskeys }
            let passkey: Passkey? = try await tx.first(
                """
                INSERT INTO passkeys (id, user_id, credential_id, public_key, algorithm, sign_count, aaguid, transports, is_backed_up, label)
                VALUES (\(UUID.v7()), \(user.id), \(new.credentialID), \(new.publicKey), \(new.algorithm), \(new.signCount), \(new.aaguid),
                    \(new.transports), \(new.isBackedUp), \(label))
                ON CONFLICT (credential_id) DO NOTHING RETURNING \(Passkey.columns)
                """)
            guard let passkey else { throw APIError.conflict("already-exists", "This passkey is known already.") }
            _ = try await ChallengeStore.note(.passkey, in: caller.sessionID, tx)
            let backup = user.mfaEnabled ? nil : try await factors.codes.renewBackupCodes(of: user.id, tx).map(\.written)
            try await factors.changed(user.id, factor: passkey.id, FactorMethod.passkey.rawValue, "added", tx)
            return RegisteredPasskey(passkey: passkey, backupCodes: backup)
        }
    }

    func rename(_ id: UUID, to label: String, as caller: Caller) async throws -> Passkey? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.first(
                "UPDATE passkeys SET label = \(label) WHERE id = \(id) AND user_id = \(caller.userID) RETURNING \(Passkey.columns)")
        }
    }

    /// False when there is no such passkey. Throws `APIError`: 409 when nothing else would sign its owner in.
    func remove(_ id: UUID, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            _ = try await tx.rows("SELECT id FROM users WHERE id = \(caller.userID) FOR UPDATE")
            guard try await tx.execute("DELETE FROM passkeys WHERE id = \(id) AND user_id = \(caller.userID)") == 1 else { return false }
            try await SignInStore.expectMethod(of: caller.userID, tx)
            try await factors.changed(caller.userID, factor: id, FactorMethod.passkey.rawValue, "removed", tx)
            return true
        }
    }

    /// A session for whoever signs with a passkey, whose first refresh token is `token`. Nil when it is not believed.
    func signIn(_ response: AssertionResponse, token: OpaqueToken, device: DeviceInfo?) async throws -> StartedSession? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            guard let (passkey, _) = try await proofs.prove(response, "purpose = 'sign_in'", userVerification: true, purpose: "sign_in", tx) else {
                return nil
            }
            let account: Credentials? = try await tx.first(
                "SELECT \(Credentials.columns) FROM users WHERE id = \(passkey.userID) AND deleted_at IS NULL")
            guard let account else { return nil }
            guard account.user.status.maySignIn else { throw APIError.accountSuspended }
            let now = Date()
            let proof = SessionProof(methods: ["pop", "user", "mfa"], authenticatedAt: now, secondFactorAt: now)
            let client = ClientInfo.current(device: device)
            return try await SignInStore.startSession(of: account.user.id, token: token, client: client, ignoringLock: true, proof, tx)
        }
    }

    private static func descriptors(of user: UUID, _ tx: Transaction) async throws -> [PasskeyDescriptor] {
        try await tx.rows("SELECT credential_id, transports FROM passkeys WHERE user_id = \(user) ORDER BY id").map { row in
            let id: Data = try row["credential_id"]
            return PasskeyDescriptor(id: id.base64URL, transports: try row["transports"])
        }
    }
}
