import Foundation
import Synchronization

/// One subject under one policy in this process: the permits it holds, until when it is refused, and how it counts when it is alone.
/// All times are microseconds of a clock that only grows.
final class RateLimitCell: Sendable {
    enum Step {
        case decided(RateLimitDecision)
        /// Permits are to be taken from Redis: this caller does it.
        case refill(wanted: Int)
        /// Another caller is doing it.
        case wait(Task<Void, Never>)
    }

    private enum Mode {
        case leased
        case refilling(Task<Void, Never>?)
        case alone(until: Int64)
    }

    private struct State {
        var mode = Mode.leased
        var permits = 0
        var lapse: Int64 = 0
        var size = 1
        var remaining = 0
        var full: Int64 = 0
        var refusedUntil: Int64 = 0
        /// `full` of the same algorithm on this process's own count, for when Redis is away.
        var ownFull: Int64 = 0
        var used: Int64 = 0
        var counts = RateLimitCounts()
    }

    /// Permits lapse after a second, and so often a process without Redis asks for it again.
    private static let life: Int64 = 1_000_000

    private let limit: RateLimit
    private let largest: Int
    private let state = Mutex(State())

    init(_ limit: RateLimit) {
        self.limit = limit
        largest = max(1, limit.quota / 20)
    }

    func take(at now: Int64) -> Step {
        state.withLock { state in
            state.used = now
            if state.permits > 0, now < state.lapse {
                state.permits -= 1
                note(&state, isAllowed: true, at: now)
                return .decided(decision(state, at: now, wait: 0))
            }
            if now < state.refusedUntil {
                note(&state, isAllowed: false, at: now)
                return .decided(decision(state, at: now, wait: state.refusedUntil - now))
            }
            switch state.mode {
            case .alone(let until) where now < until:
                let decision = takeAlone(&state, at: now)
                note(&state, isAllowed: decision.isAllowed, at: now)
                return .decided(decision)
            case .refilling(let task?): return .wait(task)
            // In the moment before the task's handle is known a second caller asks for itself; the script keeps count all the same.
            case .refilling(nil), .alone, .leased: break
            }
            // Used up while it was fresh: a busy caller. Lapsed: not that busy.
            state.size = state.permits == 0 && now < state.lapse ? min(state.size * 2, largest) : 1
            state.permits = 0
            state.mode = .refilling(nil)
            return .refill(wanted: state.size)
        }
    }

    func isRefilling(by task: Task<Void, Never>) {
        state.withLock { state in
            if case .refilling(nil) = state.mode { state.mode = .refilling(task) }
        }
    }

    func filled(granted: Int, remaining: Int, retryAfter: Int64, reset: Int64, wanted: Int, at now: Int64) {
        state.withLock { state in
            state.mode = .leased
            state.permits += granted
            state.lapse = now + Self.life
            state.remaining = remaining
            state.full = now + reset
            state.refusedUntil = granted == 0 ? now + max(1, retryAfter) : 0
        }
    }

    /// Redis did not answer.
    func standsAlone(at now: Int64) {
        state.withLock { $0.mode = .alone(until: now + Self.life) }
    }

    // MARK: - As one of several limits

    /// A refusal that needs nobody to be asked.
    func refusal(at now: Int64) -> RateLimitDecision? {
        state.withLock { state in
            state.used = now
            return now < state.refusedUntil ? decision(state, at: now, wait: state.refusedUntil - now) : nil
        }
    }

    /// What Redis said of this limit beside others: `isAllowed` when the request was within all of them.
    func settle(isAllowed: Bool, remaining: Int, retryAfter: Int64, reset: Int64, at now: Int64) -> RateLimitDecision {
        state.withLock { state in
            state.remaining = remaining
            state.full = now + reset
            // Within this limit, but not within another one.
            let wait = isAllowed || remaining > 0 ? 0 : max(1, retryAfter)
            state.refusedUntil = wait > 0 ? now + wait : 0
            return RateLimitDecision(
                isAllowed: wait == 0, limit: limit.quota, remaining: remaining, retryAfter: .microseconds(wait),
                reset: .microseconds(max(0, reset)))
        }
    }

    /// Whether this process's own count has room.
    func hasRoomAlone(at now: Int64) -> Bool {
        state.withLock { now + limit.span - max(now, $0.ownFull) >= limit.interval }
    }

    /// One more on this process's own count; the caller has seen that there is room in all of them.
    func decideAlone(at now: Int64) -> RateLimitDecision { state.withLock { takeAlone(&$0, at: now) } }

    /// How it stands without another request: by what Redis said last, or by this process's own count.
    func look(alone: Bool, at now: Int64) -> RateLimitDecision {
        state.withLock { state in
            let full = max(now, alone ? state.ownFull : state.full)
            let free = alone ? Int((now + limit.span - full) / limit.interval) : full > now ? state.remaining + state.permits : limit.quota
            let wait = free > 0 ? 0 : full + limit.interval - now - limit.span
            return RateLimitDecision(
                isAllowed: free > 0 || !alone, limit: limit.quota, remaining: free, retryAfter: .microseconds(max(0, alone ? wait : 0)),
                reset: .microseconds(full - now))
        }
    }

    func note(isAllowed: Bool, at now: Int64) { state.withLock { note(&$0, isAllowed: isAllowed, at: now) } }

    /// What is to be reported of windows with at least a `share` of the quota used, or a refusal.
    func collect(share: Double) -> [RateLimitCounts.Window] {
        state.withLock { $0.counts.collect(least: max(1, Int((Double(limit.quota) * share).rounded(.up)))) }
    }

    private func note(_ state: inout State, isAllowed: Bool, at now: Int64) {
        state.counts.note(isAllowed: isAllowed, index: (now + Self.epoch) / max(1, Int64(limit.window / .microseconds(1))))
    }

    /// Microseconds from 1970 to the beginning of the clock that only grows.
    private static let epoch = Int64(Date().timeIntervalSince1970 * 1e6) - RateLimiter.now

    func isIdle(at now: Int64) -> Bool {
        state.withLock { state in
            if case .refilling = state.mode { return false }
            return now - state.used > max(Self.life, state.full - now, state.ownFull - now)
        }
    }

    private func takeAlone(_ state: inout State, at now: Int64) -> RateLimitDecision {
        let full = max(now, state.ownFull)
        let free = Int((now + limit.span - full) / limit.interval)
        if free > 0 { state.ownFull = full + limit.interval }
        return RateLimitDecision(
            isAllowed: free > 0, limit: limit.quota, remaining: max(0, free - 1),
            retryAfter: .microseconds(free > 0 ? 0 : full + limit.interval - now - limit.span),
            reset: .microseconds(max(0, state.ownFull - now)))
    }

    private func decision(_ state: State, at now: Int64, wait: Int64) -> RateLimitDecision {
        RateLimitDecision(
            isAllowed: wait == 0, limit: limit.quota, remaining: wait == 0 ? state.remaining + state.permits : 0,
            retryAfter: .microseconds(wait), reset: .microseconds(max(0, state.full - now)))
    }
}
