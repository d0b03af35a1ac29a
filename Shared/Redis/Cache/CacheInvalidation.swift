import ServiceLifecycle

/// Drops cached keys as the database tells that their rows changed.
///
/// The database's notifications reach every copy of every service, and each that gets one removes the key, so one copy that cannot reach Redis
/// does not keep an old value alive. A listener that was away has missed an unknown number of them, so after each (re)connect, the first one of a
/// process included, every key of the service's families is removed: by `SCAN` rather than by an epoch in the keys, which each reader would
/// have to ask Redis for. That costs one walk through the keys in steps of a thousand, and each value is loaded once more.
public struct CacheInvalidation: Service {
    private let cache: Cache
    private let prefixes: [String]
    private let keys: AsyncStream<String?>

    /// - Parameters:
    ///   - prefixes: The families that this service caches, such as `doc:`; keys of others are left to their services.
    ///   - keys: Keys whose subjects changed; nil after each (re)connect of the listener, when some may have been missed.
    public init(cache: Cache, prefixes: [String], keys: AsyncStream<String?>) {
        self.cache = cache
        self.prefixes = prefixes
        self.keys = keys
    }

    /// Until the stream ends, a graceful shutdown, or cancellation.
    public func run() async throws {
        for await key in keys.cancelOnGracefulShutdown() {
            guard let key else {
                await cache.removeAll(prefixes)
                continue
            }
            if prefixes.contains(where: key.hasPrefix) { await cache.remove(key) }
        }
    }
}
