import Postgres
import Redis
import ServiceLifecycle

/// Hands what the database says of changed rows (`NOTIFY cache_invalidate`) to the cache.
struct CacheFreshness: Service {
    let listener: PostgresListener
    let cache: Cache
    /// The families of keys that this service caches, such as `doc:`.
    let families: [String]

    func run() async throws {
        let (keys, feed) = AsyncStream<String?>.makeStream()
        let events = listener.events()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await event in events.cancelOnGracefulShutdown() {
                    switch event {
                    case .connected: feed.yield(nil)
                    case .notification(_, let key): feed.yield(key)
                    }
                }
                feed.finish()
            }
            try await CacheInvalidation(cache: cache, prefixes: families, keys: keys).run()
            try await group.waitForAll()
        }
    }
}
