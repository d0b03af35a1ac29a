import Foundation
import Logging
import ServiceKit
import ServiceLifecycle
import Synchronization

/// The signing keys in memory. They are read when first needed, when a token names a key that is not here, and four times a minute: a key that was
/// replaced is listed for far longer than a copy may go on signing with it.
final class SigningKeyRing: Service {
    private let store: SigningKeyStore
    private let logger: Logger
    private let held = Mutex<[SigningKey]>([])

    init(_ store: SigningKeyStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                do { try await self.reload() } catch { self.logger.warning("signing keys not read: \(error)") }
                try await Task.sleep(for: .seconds(15))
            }
        }
    }

    /// The key that signs now.
    func active() async throws -> SigningKey {
        let keys = try await all()
        guard let key = keys.first(where: { $0.retiresAt == nil }) ?? keys.first else {
            throw APIError.unavailable("There is no signing key yet.")
        }
        return key
    }

    /// Every key with which a token may still be verified.
    func all() async throws -> [SigningKey] {
        let keys = held.withLock { $0 }
        return keys.isEmpty ? try await reload() : keys
    }

    @discardableResult
    func reload() async throws -> [SigningKey] {
        let keys = try await store.keys()
        held.withLock { $0 = keys }
        return keys
    }
}

extension SigningKeyRing: SigningKeySource {
    func keys(fresh: Bool) async throws -> SigningKeySet {
        let keys = fresh ? try await reload() : try await all()
        return SigningKeySet(Dictionary(uniqueKeysWithValues: keys.map { ($0.id, $0.privateKey.publicKey) }))
    }
}
