import Foundation
import Logging
import ServiceKit
import ServiceLifecycle
import Synchronization

/// When API keys were used: noted in memory, written every few seconds and at the end, so that no request waits for it.
final class APIKeyUses: Service {
    /// More keys than that are not remembered between two writings: what is lost is a time of use.
    private static let most = 10_000

    private let store: APIKeyStore
    private let pause: Duration
    private let logger: Logger
    private let noted = Mutex<[UUID: Date]>([:])

    init(_ store: APIKeyStore, every pause: Duration, logger: Logger) {
        self.store = store
        self.pause = pause
        self.logger = logger
    }

    func note(_ key: UUID, at time: Date = Date()) {
        noted.withLock { noted in
            if noted.count < Self.most || noted[key] != nil { noted[key] = time }
        }
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: self.pause)
                await self.write()
            }
        }
        await write()
    }

    private func write() async {
        let uses = noted.withLock { noted in
            defer { noted = [:] }
            return noted
        }
        guard !uses.isEmpty else { return }
        do {
            try await store.note(uses)
        } catch {
            logger.warning("The use of API keys was not noted", metadata: ["error": "\(error)"])
        }
    }
}
