import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// What authenticators are asked to sign, and their signatures. A challenge is used up by the first response that names it, good or bad.
struct PasskeyProofs: Sendable {
    let webAuthn: WebAuthn

    /// Whether somebody who is asked for a second factor has signed with a passkey of theirs.
    func take(_ response: AssertionResponse, for challenge: Challenge, _ tx: Transaction) async throws -> Bool {
        let whose: SQL = "purpose = 'second_factor' AND mfa_challenge_id = \(challenge.id)"
        let proven = try await prove(response, whose, userVerification: false, purpose: challenge.purpose.rawValue, tx)
        return proven?.passkey.userID == challenge.userID
    }

    func prove(
        _ response: AssertionResponse, _ whose: SQL, userVerification: Bool, purpose: String, _ tx: Transaction
    ) async throws -> (passkey: StoredPasskey, assertion: Assertion)? {
        guard let challenge = try await Self.use(response.clientDataJSON, whose, tx) else { return nil }
        let passkey: StoredPasskey? = try await tx.first(
            "SELECT \(StoredPasskey.columns) FROM passkeys WHERE credential_id = \(response.rawID) FOR UPDATE")
        guard let passkey, response.userHandle == nil || response.userHandle == passkey.userID.data,
            let assertion = try? webAuthn.verify(response, challenge: challenge, by: passkey, userVerification: userVerification)
        else { return nil }
        if assertion.signCount != 0 || passkey.signCount != 0, assertion.signCount <= passkey.signCount {
            // § 6.1.1: a sign of a copy, and no proof of one. The trail keeps it.
            try await tx.publish(
                SecondFactorFailed(
                    userID: passkey.userID, method: FactorMethod.passkey.rawValue, purpose: purpose, reason: "clone_suspected"))
        }
        try await tx.execute(
            """
            UPDATE passkeys SET sign_count = GREATEST(sign_count, \(assertion.signCount)), is_backed_up = \(assertion.isBackedUp), last_used_at = now()
            WHERE id = \(passkey.id)
            """)
        return (passkey, assertion)
    }

    enum Purpose: String, Sendable, PostgresEnumeration {
        case registration
        case signIn = "sign_in"
        case secondFactor = "second_factor"
    }

    static func challenge(_ purpose: Purpose, user: UUID?, mfa: UUID? = nil, _ tx: Transaction) async throws -> OpaqueToken {
        let challenge = OpaqueToken.random()
        try await tx.execute(
            """
            INSERT INTO passkey_challenges (challenge_hash, purpose, user_id, mfa_challenge_id, expires_at)
            VALUES (\(challenge.hash), \(purpose), \(user), \(mfa), now() + \(seconds: Lifetimes.passkeyChallenge))
            """)
        return challenge
    }

    /// The challenge that a response says it is for, used up; nil when it is none, or was used before.
    static func use(_ clientDataJSON: Data, _ whose: SQL, _ tx: Transaction) async throws -> OpaqueToken? {
        struct Named: Decodable { var challenge: String }
        guard let named = try? JSONDecoder().decode(Named.self, from: clientDataJSON) else { return nil }
        let challenge = OpaqueToken(named.challenge)
        let used = try await tx.execute(
            """
            UPDATE passkey_challenges SET used_at = now()
            WHERE challenge_hash = \(challenge.hash) AND \(whose) AND used_at IS NULL AND expires_at > now()
            """)
        return used == 1 ? challenge : nil
    }
}
