import Contracts
import Crypto
import Foundation
import Messaging
import Postgres

/// The keys that sign access tokens, in `auth`'s schema, their private halves sealed. `auth` signs with them and `hearthctl` rotates them; the
/// connection has to stand in that schema.
public struct SigningKeyStore: Sendable {
    /// How long a replaced key is still listed: the life of a token, and time enough for every copy to have heard of the new key.
    public static let overlap: Duration = .seconds(20 * 60)
    static let context = "auth.signing_keys"

    private let postgres: Postgres
    private let encryption: Encryption

    public init(_ postgres: Postgres, encryption: Encryption) {
        self.postgres = postgres
        self.encryption = encryption
    }

    /// Every key with which a token may still be verified, the newest first. Makes the first key when there is none; of several copies that start
    /// together only one does.
    public func keys() async throws -> [SigningKey] {
        let stored: [StoredKey] = try await postgres.all(as: ServiceCaller(), Self.listed)
        if !stored.isEmpty { return try stored.map(open) }
        return try await postgres.transaction(as: ServiceCaller()) { tx in
            _ = try await tx.rows(Self.lock)
            let found: [StoredKey] = try await tx.all(Self.listed)
            return found.isEmpty ? [try await insertKey(tx)] : try found.map(open)
        }
    }

    /// Makes a new key that signs from now on. The one before is listed until every token it signed has ended, so nobody is signed out.
    public func rotate() async throws -> SigningKey {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            _ = try await tx.rows(Self.lock)
            try await tx.execute(
                """
                UPDATE signing_keys SET retires_at = now() + make_interval(secs => \(Double(Self.overlap.components.seconds)))
                WHERE retires_at IS NULL
                """)
            let key = try await insertKey(tx)
            try await tx.publish(SigningKeyRotated(id: UUID.v7(), keyID: key.id))
            return key
        }
    }

    private func insertKey(_ tx: Transaction) async throws -> SigningKey {
        let privateKey = Curve25519.Signing.PrivateKey()
        let key = SigningKey(privateKey: privateKey, createdAt: Date(), activatedAt: Date(), retiresAt: nil)
        let sealed = try encryption.seal(Array(privateKey.rawRepresentation), context: Self.context)
        try await tx.execute("INSERT INTO signing_keys (kid, private_key_sealed) VALUES (\(key.id), \(Data(sealed)))")
        return key
    }

    private func open(_ stored: StoredKey) throws -> SigningKey {
        let plain = try encryption.open(Array(stored.sealed), context: Self.context)
        return SigningKey(
            privateKey: try Curve25519.Signing.PrivateKey(rawRepresentation: plain), createdAt: stored.createdAt,
            activatedAt: stored.activatedAt, retiresAt: stored.retiresAt)
    }

    private static let lock: SQL = "SELECT pg_advisory_xact_lock(hashtextextended('auth.signing_keys', 0))"
    private static let listed: SQL = """
        SELECT private_key_sealed, created_at, activated_at, retires_at FROM signing_keys
        WHERE retires_at IS NULL OR retires_at > now() ORDER BY retires_at DESC NULLS FIRST, activated_at DESC
        """

    private struct StoredKey: RowDecodable {
        var sealed: Data
        var createdAt: Date
        var activatedAt: Date
        var retiresAt: Date?

        init(row: Row) throws {
            sealed = try row["private_key_sealed"]
            createdAt = try row["created_at"]
            activatedAt = try row["activated_at"]
            retiresAt = try row["retires_at"]
        }
    }
}
