import Contracts
import Crypto
import Foundation
import Logging
import Postgres
import ServiceLifecycle
import Synchronization

/// The matching key of a service whose schema has the table `matching_keys`. Made by whichever copy starts first; run it as a job of the service.
public final class MatchingKeyStore: Service {
    /// There is no key yet: the service has only just started on an empty database.
    public struct Missing: Error {}

    private let postgres: Postgres
    private let encryption: Encryption
    private let logger: Logger
    private let context: String
    private let known = Mutex<MatchingKey?>(nil)

    public init(_ service: ServiceName, postgres: Postgres, encryption: Encryption, logger: Logger) {
        self.postgres = postgres
        self.encryption = encryption
        self.logger = logger
        context = Self.context(service)
    }

    static func context(_ service: ServiceName) -> String { "\(service.rawValue).matching_keys.key" }

    /// Makes the key when there is none, and is done.
    public func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                do {
                    _ = try await key()
                    break
                } catch {
                    logger.warning("The matching key could not be read", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: .seconds(1))
                }
            }
            // A service that returns ends its group.
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
        }
    }

    /// The key, made if need be, in a transaction of its own. Not from within another transaction: two connections at once may be one too many.
    public func key() async throws -> MatchingKey {
        if let known = known.withLock({ $0 }) { return known }
        let fresh = try encryption.seal(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }, context: context)
        try await postgres.transaction(as: ServiceCaller()) { tx in
            _ = try await tx.execute("INSERT INTO matching_keys (id, key_sealed) VALUES (1, \(Data(fresh))) ON CONFLICT DO NOTHING")
        }
        return try await postgres.transaction(as: ServiceCaller()) { tx in try await key(in: tx) }
    }

    /// The key as the database has it. Throws `Missing`.
    public func key(in tx: Transaction) async throws -> MatchingKey {
        if let known = known.withLock({ $0 }) { return known }
        guard let sealed: Data = try await tx.value("SELECT key_sealed FROM matching_keys WHERE id = 1") else { throw Missing() }
        let key = MatchingKey(bytes: try encryption.open(Array(sealed), context: context))
        known.withLock { $0 = key }
        return key
    }
}
