import Synchronization

/// Statements that travel together and end with one Sync, and the task that waits for their answers.
///
/// Outside an explicit transaction a unit is one implicit transaction: all of it takes effect or none.
final class Unit: Sendable {
    typealias Answers = CheckedContinuation<[Answer], any Error>

    enum Phase {
        case waiting
        case sent(Connection)
        case finished
        case cancelled
    }

    private struct State {
        var phase = Phase.waiting
        var continuation: Answers?
        var result: Result<[Answer], any Error>?
    }

    let statements: [SQL]
    /// How many leading statements (BEGIN, the context) the caller gets no answer of.
    let hidden: Int
    /// False inside an explicit transaction: there it cannot run again by itself.
    let isIndependent: Bool
    /// Nobody waits for it, and its owner did not hand it out.
    let isHousekeeping: Bool
    let made = ContinuousClock.now
    let file: StaticString
    let line: UInt
    private let state = Mutex(State())
    private let attempts = Mutex(0)

    init(_ statements: [SQL], hidden: Int = 0, independent: Bool, housekeeping: Bool = false, file: StaticString, line: UInt) {
        self.statements = statements
        self.hidden = hidden
        isIndependent = independent
        isHousekeeping = housekeeping
        self.file = file
        self.line = line
    }

    /// Starts by `start` and waits. With `cancellable`, cancelling the task ends the wait at once and the statement on the server soon after.
    func answers(cancellable: Bool = true, start: () -> Void) async throws -> [Answer] {
        guard cancellable else { return try await wait(start) }
        return try await withTaskCancellationHandler {
            try await wait(start)
        } onCancel: {
            cancel()
        }
    }

    private func wait(_ start: () -> Void) async throws -> [Answer] {
        try await withCheckedThrowingContinuation { continuation in
            let early = state.withLock { state -> Result<[Answer], any Error>? in
                if let result = state.result { return result }
                state.continuation = continuation
                return nil
            }
            if let early { continuation.resume(with: early) } else { start() }
        }
    }

    var isCancelled: Bool { state.withLock { if case .cancelled = $0.phase { true } else { false } } }

    /// False when the task has been cancelled meanwhile: then it must not be sent.
    func markSent(on connection: Connection) -> Bool {
        state.withLock { state in
            switch state.phase {
            case .waiting, .sent:
                state.phase = .sent(connection)
                return true
            case .finished, .cancelled: return false
            }
        }
    }

    /// True once: a second try by itself is allowed, a third is not.
    func mayRetry() -> Bool {
        guard isIndependent, !isCancelled else { return false }
        return attempts.withLock { attempts in
            attempts += 1
            return attempts == 1
        }
    }

    func finish(_ result: Result<[Answer], any Error>) {
        let continuation = state.withLock { state -> Answers? in
            switch state.phase {
            case .cancelled, .finished: return nil
            case .waiting, .sent:
                state.phase = .finished
                state.result = result
                return state.continuation.take()
            }
        }
        continuation?.resume(with: result)
    }

    private func cancel() {
        let (continuation, connection) = state.withLock { state -> (Answers?, Connection?) in
            let connection: Connection? = if case .sent(let connection) = state.phase { connection } else { nil }
            if case .finished = state.phase { return (nil, nil) }
            state.phase = .cancelled
            state.result = .failure(CancellationError())
            return (state.continuation.take(), connection)
        }
        continuation?.resume(throwing: CancellationError())
        connection?.cancellationRequested()
    }
}
