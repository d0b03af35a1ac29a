import Foundation
import Synchronization

/// Tokens that were checked, by their whole `Authorization` value, until they end. Bounded: when it is full, what was not used since the
/// last sweep goes.
///
/// An ended session is kept in mind until every token made for it must have run out, so that a check that was under way while the
/// session ended cannot bring it back.
final class SessionCache: Sendable {
    struct Entry: Sendable {
        var caller: Caller
        /// Seconds since 1970.
        var expiresAt: Int64
        var wasUsed = false
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var ended: [UUID: Int64] = [:]
        /// Grows with each `forgetAll`, so that a check begun before it is not remembered.
        var epoch = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int = 50_000) {
        self.capacity = capacity
    }

    /// The caller of a token that was checked before; one lock, one look-up.
    func caller(of authorization: String, at now: Int64) -> Caller? {
        state.withLock { state in
            guard let index = state.entries.index(forKey: authorization) else { return nil }
            let entry = state.entries.values[index]
            guard entry.expiresAt > now, state.ended.isEmpty || state.ended[entry.caller.sessionID] == nil else {
                state.entries.remove(at: index)
                return nil
            }
            if !entry.wasUsed { state.entries.values[index].wasUsed = true }
            return entry.caller
        }
    }

    var epoch: Int { state.withLock { $0.epoch } }

    func remember(_ caller: Caller, for authorization: String, until expiresAt: Int64, epoch: Int, at now: Int64) {
        state.withLock { state in
            guard state.epoch == epoch, state.ended[caller.sessionID] == nil else { return }
            if state.entries.count >= capacity { Self.sweep(&state, now) }
            state.entries[authorization] = Entry(caller: caller, expiresAt: expiresAt)
        }
    }

    func hasEnded(_ sessionID: UUID) -> Bool { state.withLock { $0.ended[sessionID] != nil } }

    func end(_ sessionID: UUID, at now: Int64) {
        state.withLock { state in
            if state.ended.count >= capacity {
                state.ended = state.ended.filter { $0.value > now }
                // Still full: without the tokens there is nothing that the forgotten ends would have to guard against.
                if state.ended.count >= capacity {
                    state.ended = [:]
                    state.entries = [:]
                    state.epoch += 1
                }
            }
            state.ended[sessionID] = now + AccessClaims.lifetime.components.seconds
        }
    }

    /// Ends may have been missed: every token is checked anew once.
    func forgetAll() {
        state.withLock { state in
            state.entries = [:]
            state.epoch += 1
        }
    }

    var count: Int { state.withLock { $0.entries.count } }

    /// Drops what has run out and what was not used since the last sweep; everything when that frees nothing.
    private static func sweep(_ state: inout State, _ now: Int64) {
        let before = state.entries.count
        state.ended = state.ended.filter { $0.value > now }
        state.entries = state.entries.compactMapValues { entry in
            guard entry.expiresAt > now, entry.wasUsed else { return nil }
            var entry = entry
            entry.wasUsed = false
            return entry
        }
        if state.entries.count == before { state.entries = [:] }
    }
}
