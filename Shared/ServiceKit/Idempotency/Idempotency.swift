import Foundation
import Logging
import Postgres
import ServiceLifecycle

/// The answers kept by `Idempotency-Key`, in the table `idempotency_keys` of the service's schema, for 24 hours. Bodies are sealed, as an answer
/// may hold what only its caller should see. `run()` drops what has expired.
public final class Idempotency: Service {
    enum Claim: Sendable {
        /// The request is ours to carry out; the text tells our claim from a later one.
        case granted(String)
        case answered(KeptResponse)
        case inProgress
        case reused
    }

    private let postgres: Postgres
    private let encryption: Encryption
    private let logger: Logger

    public init(_ postgres: Postgres, encryption: Encryption, logger: Logger) {
        self.postgres = postgres
        self.encryption = encryption
        self.logger = logger
    }

    /// Drops expired keys, a thousand at a time so that none is locked for long. Any number of copies may do so.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(Double.random(in: 300...600)))
                do {
                    while try await self.dropExpired() == 1000 {}
                } catch let error as PostgresError {
                    self.logger.warning("Expired idempotency keys could not be dropped", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    func dropExpired() async throws -> Int {
        try await postgres.execute(
            """
            DELETE FROM idempotency_keys WHERE (scope, key) IN (
              SELECT scope, key FROM idempotency_keys WHERE expires_at <= now() LIMIT 1000 FOR UPDATE SKIP LOCKED
            )
            """)
    }

    /// Takes the key, or tells why not. A claim whose time is over may be taken by the same request again.
    func claim(_ key: IdempotencyKey, for time: Duration) async throws -> Claim {
        let seconds = time / .seconds(1)
        // Keyed, as the body may hold a password that a plain hash would give away to whoever tries enough of them.
        let fingerprint = try encryption.fingerprint(key.fingerprint, context: Self.fingerprintContext)
        while true {
            let claim: String? = try await postgres.value(
                """
                INSERT INTO idempotency_keys AS kept (scope, key, fingerprint, locked_until, expires_at)
                VALUES (\(key.scope), \(key.key), \(fingerprint), clock_timestamp() + make_interval(secs => \(seconds)), now() + interval '24 hours')
                ON CONFLICT (scope, key) DO UPDATE
                SET fingerprint = EXCLUDED.fingerprint, status = NULL, headers = NULL, body = NULL, locked_until = EXCLUDED.locked_until,
                    created_at = now(), expires_at = EXCLUDED.expires_at
                WHERE kept.expires_at <= now()
                   OR (kept.status IS NULL AND kept.locked_until <= now() AND kept.fingerprint = EXCLUDED.fingerprint)
                RETURNING locked_until::text
                """)
            if let claim { return .granted(claim) }
            let row = try await postgres.rows(
                """
                SELECT fingerprint, status::integer AS status, headers, body FROM idempotency_keys
                WHERE scope = \(key.scope) AND key = \(key.key)
                """
            ).first
            // Released or dropped between the two statements: it is free again.
            guard let row else { continue }
            let known: String = try row["fingerprint"]
            guard encryption.isFingerprint(known, of: key.fingerprint, context: Self.fingerprintContext) else { return .reused }
            guard let status: Int = try row["status"] else { return .inProgress }
            let sealed: Data = try row["body"]
            let body = try encryption.open(Array(sealed), context: Self.context(key))
            return .answered(KeptResponse(status: status, headers: try row.json("headers"), body: body))
        }
    }

    /// Keeps the answer for the next time, unless the claim has passed to another meanwhile.
    func complete(_ key: IdempotencyKey, _ claim: String, with response: KeptResponse) async throws {
        let body = Data(try encryption.seal(response.body, context: Self.context(key)))
        try await postgres.execute(
            """
            UPDATE idempotency_keys SET status = \(response.status), headers = \(JSON(response.headers)), body = \(body)
            WHERE scope = \(key.scope) AND key = \(key.key) AND status IS NULL AND locked_until::text = \(claim)
            """)
    }

    /// Lets the request be made again at once.
    func release(_ key: IdempotencyKey, _ claim: String) async throws {
        try await postgres.execute(
            """
            DELETE FROM idempotency_keys
            WHERE scope = \(key.scope) AND key = \(key.key) AND status IS NULL AND locked_until::text = \(claim)
            """)
    }

    private static let fingerprintContext = "idempotency_keys.fingerprint"

    private static func context(_ key: IdempotencyKey) -> String { context(scope: key.scope, key: key.key) }

    /// What an answer is sealed for: the key that it was given to.
    static func context(scope: String, key: String) -> String { "idempotency_keys.body:\(scope):\(key)" }
}
