import Synchronization

/// Removals, and those that Redis has not yet carried out: their keys are not to be trusted until it has.
final class CacheRemovals: Sendable {
    private struct State {
        /// What is still to do, and by which removal it was asked for last.
        var keys: [String: Int] = [:]
        var prefixes: [String: Int] = [:]
        var last = 0
        var isRetrying = false
    }

    private static let limit = 10_000
    private static let batch = 500

    private let redis: Redis
    private let state = Mutex(State())
    /// Spares the lock on the usual path: nothing is to do.
    private let isIdle = Atomic<Bool>(true)

    init(_ redis: Redis) { self.redis = redis }

    /// True while a removal of this key is not carried out.
    func hold(_ key: String) -> Bool {
        if isIdle.load(ordering: .acquiring) { return false }
        return state.withLock { state in
            state.keys[key] != nil || state.prefixes.keys.contains { key.hasPrefix($0) }
        }
    }

    func remove(_ keys: [String]) async {
        guard !keys.isEmpty else { return }
        do {
            try await carryOut(keys)
        } catch {
            remember { state, turn in
                for key in keys { state.keys[key] = turn }
            }
            retry()
        }
    }

    func removeAll(_ prefixes: [String]) async {
        let turn = remember { state, turn in
            for prefix in prefixes { state.prefixes[prefix] = turn }
        }
        do {
            for prefix in prefixes { try await carryOut(prefix: prefix) }
            forget([], prefixes, upTo: turn)
        } catch {
            retry()
        }
    }
}

// MARK: - What is left to do

extension CacheRemovals {
    @discardableResult
    private func remember(_ change: (inout State, Int) -> Void) -> Int {
        state.withLock { state in
            state.last += 1
            change(&state, state.last)
            if state.keys.count > Self.limit {
                // Too many to remember one by one: their families instead.
                for key in state.keys.keys { state.prefixes[Self.family(key)] = state.last }
                state.keys = [:]
            }
            isIdle.store(false, ordering: .releasing)
            return state.last
        }
    }

    /// What was asked for again since stays.
    private func forget(_ keys: [String], _ prefixes: [String], upTo turn: Int) {
        state.withLock { state in
            for key in keys where state.keys[key, default: .max] <= turn { state.keys[key] = nil }
            for prefix in prefixes where state.prefixes[prefix, default: .max] <= turn { state.prefixes[prefix] = nil }
            isIdle.store(state.keys.isEmpty && state.prefixes.isEmpty, ordering: .releasing)
        }
    }

    /// `doc:` of `doc:42`.
    private static func family(_ key: String) -> String {
        key.firstIndex(of: ":").map { String(key[...$0]) } ?? key
    }

    /// Outside of the caller's task: the caller goes on, and its cancellation must not end this.
    private func retry() {
        let starts = state.withLock { state in
            defer { state.isRetrying = true }
            return !state.isRetrying
        }
        guard starts else { return }
        Task {
            var backoff = RedisBackoff()
            while let (keys, prefixes, turn) = next() {
                do {
                    if !keys.isEmpty { try await carryOut(keys) }
                    for prefix in prefixes { try await carryOut(prefix: prefix) }
                    forget(keys, prefixes, upTo: turn)
                    backoff = RedisBackoff()
                } catch {
                    try? await Task.sleep(for: backoff.next())
                }
            }
        }
    }

    private func next() -> (keys: [String], prefixes: [String], turn: Int)? {
        state.withLock { state in
            if state.keys.isEmpty, state.prefixes.isEmpty {
                state.isRetrying = false
                return nil
            }
            return (Array(state.keys.keys.prefix(Self.batch)), Array(state.prefixes.keys), state.last)
        }
    }
}

// MARK: - In Redis

extension CacheRemovals {
    private func carryOut(_ keys: [String]) async throws {
        let arguments: [any RedisArgument] = [CacheMarker.new(), CacheMarker.life.wholeMilliseconds]
        _ = try await redis.run(CacheScripts.remove, keys: keys + keys.map(CacheMarker.key), arguments: arguments)
    }

    private func carryOut(prefix: String) async throws {
        let pattern = Self.literal(prefix) + "*"
        var cursor = "0"
        repeat {
            let answer = try await redis.send(RedisCommand("SCAN", cursor, "MATCH", pattern, "COUNT", 1000)).array ?? []
            guard answer.count == 2, let next = answer[0].string, let found = answer[1].array else { throw RedisError.unexpectedReply("SCAN") }
            try await redis.delete(found.compactMap(\.string))
            cursor = next
        } while cursor != "0"
    }

    /// A prefix as a pattern that matches nothing else.
    private static func literal(_ prefix: String) -> String {
        prefix.reduce(into: "") { pattern, character in
            if "\\*?[]^-".contains(character) { pattern.append("\\") }
            pattern.append(character)
        }
    }
}
