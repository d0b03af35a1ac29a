import Foundation
import Synchronization

/// Tokens that were checked, by their whole `Authorization` value, until they end. Bounded: when it is full, what was not used since the
/// last sweep goes.
///
/// Of somebody whose rights have changed, everything checked before is dropped, and what is being checked meanwhile is not kept.
///
/// An ended session is kept in mind until every token made for it must have run out, so that a check that was under way while the
/// session ended cannot bring it back.
final class SessionCache: Sendable {
    struct Entry: Sendable {
        var caller: Caller
        /// Seconds since 1970.
        var expiresAt: Int64
        var wasUsed = false
        /// When the check of it began, on the cache's own clock.
        var began = 0
    }

    /// Where the cache stood when a check began.
    struct Beginning: Sendable {
        fileprivate var epoch: Int
        fileprivate var step: Int
    }

    private struct Change {
        var step: Int
        var until: Int64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var ended: [UUID: Int64] = [:]
        var changed: [UUID: Change] = [:]
        /// Grows with each `forgetAll`, so that a check begun before it is not remembered.
        var epoch = 0
        /// Grows with each change of somebody's rights.
        var step = 0
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
            guard entry.expiresAt > now, state.ended.isEmpty || state.ended[entry.caller.sessionID] == nil,
                state.changed.isEmpty || entry.began >= state.changed[entry.caller.userID]?.step ?? 0
            else {
                state.entries.remove(at: index)
                return nil
            }
            if !entry.wasUsed { state.entries.values[index].wasUsed = true }
            return entry.caller
        }
    }

    /// What a check takes along from its beginning to `remember`.
    var beginning: Beginning { state.withLock { Beginning(epoch: $0.epoch, step: $0.step) } }

    func remember(_ caller: Caller, for authorization: String, until expiresAt: Int64, since beginning: Beginning, at now: Int64) {
        state.withLock { state in
            guard state.epoch == beginning.epoch, state.ended[caller.sessionID] == nil,
                beginning.step >= state.changed[caller.userID]?.step ?? 0
            else { return }
            if state.entries.count >= capacity { Self.sweep(&state, now) }
            state.entries[authorization] = Entry(caller: caller, expiresAt: expiresAt, began: beginning.step)
        }
    }

    /// Somebody's rights have changed: what was checked before is checked anew.
    func forget(user: UUID, at now: Int64) {
        state.withLock { state in
            if state.changed.count >= capacity {
                state.changed = state.changed.filter { $0.value.until > now }
                if state.changed.count >= capacity { Self.clear(&state) }
            }
            state.step += 1
            state.changed[user] = Change(step: state.step, until: now + AccessClaims.lifetime.components.seconds)
        }
    }

    /// Whether somebody's rights have changed a short while ago, so that a copy of them elsewhere may still be the old one.
    func hasChanged(_ user: UUID, at now: Int64) -> Bool { state.withLock { ($0.changed[user]?.until ?? now) > now } }

    func hasEnded(_ sessionID: UUID) -> Bool { state.withLock { $0.ended[sessionID] != nil } }

    func end(_ sessionID: UUID, at now: Int64) {
        state.withLock { state in
            if state.ended.count >= capacity {
                state.ended = state.ended.filter { $0.value > now }
                // Still full: without the tokens there is nothing that the forgotten ends would have to guard against.
                if state.ended.count >= capacity { Self.clear(&state) }
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

    private static func clear(_ state: inout State) {
        (state.ended, state.changed, state.entries) = ([:], [:], [:])
        state.epoch += 1
    }

    var count: Int { state.withLock { $0.entries.count } }

    /// Drops what has run out and what was not used since the last sweep; everything when that frees nothing.
    private static func sweep(_ state: inout State, _ now: Int64) {
        let before = state.entries.count
        state.ended = state.ended.filter { $0.value > now }
        state.changed = state.changed.filter { $0.value.until > now }
        state.entries = state.entries.compactMapValues { entry in
            guard entry.expiresAt > now, entry.wasUsed else { return nil }
            var entry = entry
            entry.wasUsed = false
            return entry
        }
        if state.entries.count == before { state.entries = [:] }
    }
}
