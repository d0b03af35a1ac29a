import Dispatch
import Synchronization

/// One command's place in the line of answers. It is resumed once, by its answer, by the end of its connection, or by its task's cancellation,
/// whichever is first; an answer that comes after that is dropped.
final class RedisWaiter: Sendable {
    private enum State {
        case new
        case waiting(UnsafeContinuation<RedisValue, any Error>)
        case finished
    }

    /// On the clock of `DispatchTime`, in nanoseconds.
    let deadline: UInt64
    // The state lets a continuation be taken out only once, which is all that a checked one would check, and this is the hottest path.
    private let state = Mutex<State>(.new)

    init(deadline: UInt64) { self.deadline = deadline }

    /// False when the task was cancelled before: the command need not be sent.
    func wait(with continuation: UnsafeContinuation<RedisValue, any Error>) -> Bool {
        let cancelled = state.withLock { state in
            guard case .new = state else { return true }
            state = .waiting(continuation)
            return false
        }
        if cancelled { continuation.resume(throwing: CancellationError()) }
        return !cancelled
    }

    func resume(with result: Result<RedisValue, RedisError>) {
        switch result {
        case .success(let value): take()?.resume(returning: value)
        case .failure(let error): take()?.resume(throwing: error)
        }
    }

    func cancel() { take()?.resume(throwing: CancellationError()) }

    private func take() -> UnsafeContinuation<RedisValue, any Error>? {
        state.withLock { state in
            defer { state = .finished }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
    }
}
