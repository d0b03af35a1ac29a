import CLibPQ
import Synchronization

/// Asks the server to stop what one connection is executing. Usable from any thread while the connection is in use.
final class Canceller: @unchecked Sendable {
    // libpq promises that a PGcancel may be used by any thread; only `deinit` frees it.
    private let handle: OpaquePointer?
    private struct State {
        var isUnderWay = false
        var last: ContinuousClock.Instant?
        var waiting: [@Sendable () -> Void] = []
    }
    private let state = Mutex(State())

    init(_ connection: OpaquePointer) { handle = PQgetCancel(connection) }

    deinit { PQfreeCancel(handle) }

    /// Sends the request on a connection and a thread of its own. Requests coalesce while one is under way; `then`
    /// runs when one is over.
    func cancel(then: @escaping @Sendable () -> Void = {}) {
        let starts = state.withLock { state in
            defer { state.isUnderWay = true }
            state.last = .now
            return !state.isUnderWay
        }
        guard starts else { return }
        Connection.onThreadOfItsOwn { [self] in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
                // A request that does not get through leaves the statement to its time-out.
                _ = PQcancel(handle, message.baseAddress, 256)
            }
            let waiting = state.withLock { state in
                state.isUnderWay = false
                state.last = .now
                defer { state.waiting = [] }
                return state.waiting
            }
            for body in waiting { body() }
            then()
        }
    }

    /// Runs `body` when no request is under way: at once, or after the one that is. What is sent after that cannot be hit by it, as the server has
    /// raised the signal before the request returns, and a process that waits for a statement ignores it.
    func whenIdle(_ body: @escaping @Sendable () -> Void) {
        let isIdle = state.withLock { state in
            if state.isUnderWay { state.waiting.append(body) }
            return !state.isUnderWay
        }
        if isIdle { body() }
    }

    /// True when a request may still have been on its way lately, and so may have hit another's statement.
    var mayHaveStrayed: Bool {
        state.withLock { state in
            guard let last = state.last else { return false }
            return state.isUnderWay || last.duration(to: .now) < .seconds(2)
        }
    }
}
