import Contracts
import Crypto
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Codes: those of apps, those that are sent and those that were written down. Each is taken by one conditional statement, so that of any number who
/// show the same one at once, at any copy, exactly one succeeds.
struct CodeStore: Sendable {
    /// How many codes one challenge sends.
    static let mostSends = 3
    /// How many codes one person is sent in an hour.
    static let mostAnHour = 10
    static let secretContext = "auth.mfa_factors.secret"

    let postgres: Postgres
    let encryption: Encryption
    let mail: AccountMail

    /// Takes a code of a challenge. False when it is wrong, was used or has expired.
    func take(_ code: String, _ method: FactorMethod, for challenge: Challenge, of user: User, _ tx: Transaction) async throws -> Bool {
        let whose: SQL = challenge.factorID.map { "id = \($0)" } ?? "user_id = \(challenge.userID) AND confirmed_at IS NOT NULL"
        let digits = code.filter { $0 != " " && $0 != "-" }
        switch method {
        case .totp: return try await takeStep(digits, whose, challenge.userID, tx)
        case .email, .sms: return try await takeSent(SentCode(text: digits), method, whose, challenge, tx)
        case .passkey: return false
        case .backupCode: return challenge.factorID == nil ? try await takeBackup(BackupCode(text: code), of: user, tx) : false
        }
    }

    /// Sends a code for a challenge. False when there is no such challenge, or the account has no such factor.
    func send(_ method: FactorMethod, for presented: SQL, _ tx: Transaction) async throws -> Bool {
        let sending: SendingChallenge? = try await tx.first(
            """
            UPDATE mfa_challenges SET sends = sends + 1, last_sent_at = now()
            WHERE \(presented) AND passed_at IS NULL AND attempts < \(ChallengeStore.mostAttempts) AND expires_at > now()
            RETURNING id, user_id, factor_id, sends, last_sent_at
            """)
        guard let sending else { return false }
        // The row is locked and the statement undone when it throws.
        guard sending.sends <= Self.mostSends else { throw APIError.tooManyCodes(retryAfter: Lifetimes.challenge) }
        let whose: SQL = sending.factorID.map { "id = \($0)" } ?? "user_id = \(sending.userID) AND confirmed_at IS NOT NULL"
        let target: Target? = try await tx.first(
            "SELECT factor_type, secret_encrypted FROM mfa_factors WHERE \(whose) AND factor_type = \(method) FOR UPDATE")
        guard let target, let user: User = try await tx.first("SELECT \(User.columns) FROM users WHERE id = \(sending.userID) FOR NO KEY UPDATE")
        else { return false }
        try await expectPause(sending, tx)
        let code = SentCode.random()
        _ = try await tx.batch([
            "UPDATE mfa_tokens SET expires_at = now() WHERE challenge_id = \(sending.id) AND used_at IS NULL",
            """
            INSERT INTO mfa_tokens (id, user_id, challenge_id, token_hash, token_type, expires_at)
            VALUES (\(UUID.v7()), \(user.id), \(sending.id), \(try code.hash(for: sending.id, encryption)), \(method),
                now() + \(seconds: Lifetimes.sentCode))
            """,
        ])
        try await dispatch(code, method, to: target, of: user, tx)
        return true
    }

    /// New backup codes in place of those that were.
    func renewBackupCodes(of user: UUID, _ tx: Transaction) async throws -> [BackupCode] {
        let codes = BackupCode.set()
        try await tx.execute("DELETE FROM mfa_tokens WHERE user_id = \(user) AND token_type = 'backup_code'")
        try await tx.execute(
            """
            INSERT INTO mfa_tokens (user_id, token_hash, token_type, expires_at)
            SELECT \(user), hash, 'backup_code', now() + \(seconds: Lifetimes.backupCode)
            FROM unnest(\(codes.map { $0.hash(of: user) })::bytea[]) AS hashes (hash)
            """)
        return codes
    }

    private func takeStep(_ code: String, _ whose: SQL, _ user: UUID, _ tx: Transaction) async throws -> Bool {
        let app: Target? = try await tx.first("SELECT id, factor_type, secret_encrypted FROM mfa_factors WHERE \(whose) AND factor_type = 'totp'")
        guard let app, let secret = app.secret else { return false }
        let totp = TOTP(secret: Data(try encryption.open(Array(secret), context: Self.secretContext)))
        guard let step = totp.step(of: code, at: Date()) else { return false }
        let taken: UUID? = try await tx.value(
            """
            UPDATE mfa_factors SET last_used_step = \(step), last_used_at = now()
            WHERE \(whose) AND factor_type = 'totp' AND (last_used_step IS NULL OR last_used_step < \(step)) RETURNING id
            """)
        guard let taken else { return false }
        let hash = Data(SHA256.hash(data: Data("\(taken.uuidString.lowercased()) \(step)".utf8)))
        try await tx.execute(
            """
            INSERT INTO mfa_tokens (user_id, token_hash, token_type, expires_at, used_at)
            VALUES (\(user), \(hash), 'totp', to_timestamp(\(Double((step + TOTP.tolerance + 1) * TOTP.period))), now())
            """)
        return true
    }

    private func takeSent(_ code: SentCode, _ method: FactorMethod, _ whose: SQL, _ challenge: Challenge, _ tx: Transaction) async throws -> Bool {
        let taken = try await tx.execute(
            """
            UPDATE mfa_tokens SET used_at = now()
            WHERE challenge_id = \(challenge.id) AND token_type = \(method)
                AND token_hash = ANY (\(code.hashes(for: challenge.id, encryption))::bytea[]) AND used_at IS NULL AND expires_at > now()
                AND EXISTS (SELECT FROM mfa_factors WHERE \(whose) AND factor_type = \(method))
            """)
        guard taken == 1 else { return false }
        try await tx.execute("UPDATE mfa_factors SET last_used_at = now() WHERE \(whose) AND factor_type = \(method)")
        return true
    }

    private func takeBackup(_ code: BackupCode, of user: User, _ tx: Transaction) async throws -> Bool {
        let taken = try await tx.execute(
            """
            UPDATE mfa_tokens SET used_at = now()
            WHERE user_id = \(user.id) AND token_type = 'backup_code' AND token_hash = \(code.hash(of: user.id)) AND used_at IS NULL
                AND expires_at > now()
            """)
        guard taken == 1 else { return false }
        let method = FactorMethod.backupCode.rawValue
        try await tx.publish(SecondFactorChanged(userID: user.id, factorID: nil, factorType: method, change: "used"))
        try await tx.send(mail.factorChanged(user, method, "used"))
        return true
    }

    /// Throws `APIError`: 429 when a code was sent a moment ago, or too many in an hour.
    private func expectPause(_ sending: SendingChallenge, _ tx: Transaction) async throws {
        let recent: Recent? = try await tx.first(
            """
            SELECT count(*) AS count,
                COALESCE(bool_or(challenge_id = \(sending.id) AND created_at > now() - \(seconds: Lifetimes.codePause)), false) AS is_too_soon
            FROM mfa_tokens
            WHERE user_id = \(sending.userID) AND token_type IN ('email', 'sms') AND created_at > now() - interval '1 hour'
            """)
        if recent?.isTooSoon == true { throw APIError.tooManyCodes(retryAfter: Lifetimes.codePause) }
        if recent?.count ?? 0 >= Self.mostAnHour { throw APIError.tooManyCodes(retryAfter: 3600) }
    }

    private func dispatch(_ code: SentCode, _ method: FactorMethod, to target: Target, of user: User, _ tx: Transaction) async throws {
        guard method == .sms, let secret = target.secret else { return try await tx.send(mail.securityCode(user, code)) }
        let phone = try encryption.openString(Array(secret), context: Self.secretContext)
        try await tx.send(
            SendSMS(
                smsID: UUID.v7(), userID: user.id, kind: "security_code", locale: user.locale,
                sealedTo: Data(try encryption.seal(phone, context: "alerts.sms.to")).base64EncodedString(),
                sealedData: ["code": Data(try encryption.seal(code.text, context: "alerts.sms.code")).base64EncodedString()],
                expiresAt: Date(timeIntervalSinceNow: Double(Lifetimes.sentCode))))
    }

    private struct SendingChallenge: RowDecodable {
        var id: UUID
        var userID: UUID
        var factorID: UUID?
        var sends: Int
        init(row: Row) throws {
            id = try row["id"]
            userID = try row["user_id"]
            factorID = try row["factor_id"]
            sends = try row["sends"]
        }
    }

    private struct Target: RowDecodable {
        var secret: Data?
        init(row: Row) throws { secret = try row["secret_encrypted"] }
    }

    private struct Recent: RowDecodable {
        var count: Int
        var isTooSoon: Bool
        init(row: Row) throws {
            count = try row["count"]
            isTooSoon = try row["is_too_soon"]
        }
    }
}
