import Synchronization

/// One load that is under way, and who waits for it.
final class CacheFlight<Value: Sendable>: Sendable, CacheOvertakable {
    private struct State {
        var result: Result<Value?, any Error>?
        var waiting: [Int: CheckedContinuation<Value?, any Error>] = [:]
        var left: Set<Int> = []
        var next = 0
        var isOvertaken = false
        var landing: ContinuousClock.Instant?
    }

    /// How long a value may be given to those who come after its landing, while it is on its way into Redis.
    private static var joinable: Duration { .milliseconds(100) }

    private let state = Mutex(State())

    /// Waits for the load; a cancelled task leaves at once and the load goes on. Nil when the load was given up.
    func value() async throws -> Value? {
        let seat = state.withLock { state in
            state.next += 1
            return state.next
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { sit($0, on: seat) }
        } onCancel: {
            leave(seat)
        }
    }

    func land(_ result: Result<Value?, any Error>) {
        let waiting = state.withLock { state in
            state.result = result
            state.landing = .now
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume(with: result) }
    }

    /// False when it has landed a while ago: Redis is slow or away, and what it carries grows old.
    var canBeJoined: Bool { state.withLock { $0.landing.map { $0.duration(to: .now) < Self.joinable } ?? true } }

    var isOvertaken: Bool { state.withLock { $0.isOvertaken } }
    func overtake() { state.withLock { $0.isOvertaken = true } }

    private func sit(_ continuation: CheckedContinuation<Value?, any Error>, on seat: Int) {
        let now: Result<Value?, any Error>? = state.withLock { state in
            if let result = state.result { return result }
            if state.left.remove(seat) != nil { return .failure(CancellationError()) }
            state.waiting[seat] = continuation
            return nil
        }
        if let now { continuation.resume(with: now) }
    }

    private func leave(_ seat: Int) {
        let continuation = state.withLock { state in
            if let continuation = state.waiting.removeValue(forKey: seat) { return Optional(continuation) }
            if state.result == nil { state.left.insert(seat) }
            return nil
        }
        continuation?.resume(throwing: CancellationError())
    }
}

/// A flight of whatever type, as the table knows it.
protocol CacheOvertakable: AnyObject, Sendable {
    /// Its value is no longer current: it may answer those who wait, and is not to be stored.
    func overtake()
}
