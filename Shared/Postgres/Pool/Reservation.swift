import Synchronization

/// A transaction's wait for a connection of its own.
final class Reservation: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Connection, any Error>?
        var result: Result<Connection, any Error>?
    }

    private let state = Mutex(State())

    var isCancelled: Bool { state.withLock { if case .failure = $0.result { true } else { false } } }

    /// Waits until `finish`. Cancelling the task ends the wait at once.
    func connection(start: () -> Void) async throws -> Connection {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let early = state.withLock { state -> Result<Connection, any Error>? in
                    if state.result == nil { state.continuation = continuation }
                    return state.result
                }
                if let early { continuation.resume(with: early) } else { start() }
            }
        } onCancel: {
            _ = finish(.failure(CancellationError()))
        }
    }

    /// False when it was over already: then the connection is still whose it was.
    func finish(_ result: Result<Connection, any Error>) -> Bool {
        let (accepted, continuation) = state.withLock { state -> (Bool, CheckedContinuation<Connection, any Error>?) in
            guard state.result == nil else { return (false, nil) }
            state.result = result
            return (true, state.continuation.take())
        }
        continuation?.resume(with: result)
        return accepted
    }
}
