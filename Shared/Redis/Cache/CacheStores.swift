import Synchronization

/// Stores of loaded values, gathered: what comes while one call of the script is on its way goes together with the next.
final class CacheStores: Sendable {
    struct Entry: Sendable {
        var key: String
        var value: [UInt8]
        var milliseconds: Int
        /// The marker that the load saw.
        var marker: [UInt8]
        /// Asked right before it is sent: false when the value has been overtaken meanwhile.
        var isCurrent: @Sendable () -> Bool
        /// Called once Redis has answered, whatever it answered.
        var settled: @Sendable () -> Void
    }

    private struct State {
        var waiting: [Entry] = []
        var isAtWork = false
    }

    /// Small enough that Redis is not kept from others for long.
    private static let batch = 64

    private let redis: Redis
    private let state = Mutex(State())

    init(_ redis: Redis) { self.redis = redis }

    func add(_ entry: Entry) {
        let starts = state.withLock { state in
            state.waiting.append(entry)
            defer { state.isAtWork = true }
            return !state.isAtWork
        }
        // Outside of the caller's task, whose cancellation must not keep the others' values from being stored.
        if starts { Task { await work() } }
    }

    private func work() async {
        while let entries = next() {
            let current = entries.filter { $0.isCurrent() }
            if !current.isEmpty {
                let keys = current.flatMap { [$0.key, CacheMarker.key(of: $0.key)] }
                let arguments = current.flatMap { [$0.value, $0.milliseconds, $0.marker] as [any RedisArgument] }
                _ = try? await redis.run(CacheScripts.store, keys: keys, arguments: arguments)
            }
            for entry in entries { entry.settled() }
        }
    }

    private func next() -> [Entry]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isAtWork = false
                return nil
            }
            let entries = Array(state.waiting.prefix(Self.batch))
            state.waiting.removeFirst(entries.count)
            return entries
        }
    }
}
