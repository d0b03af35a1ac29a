import Contracts
import Dispatch
import Foundation
import Redis
import Synchronization

/// Counts requests by the generic cell rate algorithm (GCRA): one number per subject, moved by one atomic script in Redis, on its clock.
///
/// **Not a round trip per request.** A process takes permits from Redis before it gives them out, one at first, and twice as many each time it
/// has used them up within a second, to at most a twentieth of the quota. A busy caller so costs one round trip per many requests; a
/// refused one none at all until its time has come. As permits are taken before they are used, all copies together never admit more than the quota
/// in Redis allows; permits taken and not used within a second lapse, so a caller may be told to wait early by less than a twentieth per copy.
///
/// **Redis down.** Each process then counts by itself, at the full quota: n copies admit at most n times the quota until Redis is back.
///
/// At most 50,000 subjects are remembered; beyond that the permits held are let go and taken anew.
public final class RateLimiter: Sendable {
    private static let capacity = 50_000

    private let redis: Redis
    private let cells = Mutex<[RateLimitDemand: RateLimitCell]>([:])

    public init(_ redis: Redis) { self.redis = redis }

    /// Whether one more request of `subject` is within `limit`. Never throws and never waits for long: without Redis it decides by itself.
    public func take(_ limit: RateLimit, for subject: RateLimitSubject) async -> RateLimitDecision {
        let cell = cell(of: RateLimitDemand(limit: limit, subject: subject))
        while true {
            switch cell.take(at: Self.now) {
            case .decided(let decision): return decision
            case .wait(let refill): await refill.value
            case .refill(let wanted):
                let refill = Task { await self.refill(cell, limit, subject, wanted) }
                cell.isRefilling(by: refill)
                await refill.value
            }
        }
    }

    /// Whether one more request is within several limits at once, decided by one script in one round trip: it counts against all of them or against none. A
    /// single one goes the cheaper way of `take(_:for:)`. The decisions come in the order of the demands.
    func take(all demands: [RateLimitDemand]) async -> [RateLimitDecision] {
        if demands.count == 1 { return [await take(demands[0].limit, for: demands[0].subject)] }
        guard !demands.isEmpty else { return [] }
        let cells = demands.map(cell(of:))
        let decisions = await decide(demands, cells)
        let isAllowed = decisions.allSatisfy(\.isAllowed)
        let now = Self.now
        for (cell, decision) in zip(cells, decisions) where isAllowed || !decision.isAllowed { cell.note(isAllowed: isAllowed, at: now) }
        return decisions
    }

    /// What was counted since it was asked for last: of windows with at least a `share` of the quota used, or with a refusal.
    func collect(share: Double) -> [RateLimitWindow] {
        let cells = cells.withLock { $0 }
        return cells.flatMap { demand, cell in
            let seconds = max(1, Int(demand.limit.window / .seconds(1)))
            return cell.collect(share: share).map { window in
                RateLimitWindow(
                    identifier: demand.subject.identifier, identifierType: demand.subject.identifierType, endpoint: demand.limit.name,
                    limitPerWindow: demand.limit.quota, windowSeconds: seconds,
                    windowStart: Date(timeIntervalSince1970: Double(window.index) * (demand.limit.window / .seconds(1))),
                    requestCount: window.requests, refusedCount: window.refusals)
            }
        }
    }

    private func decide(_ demands: [RateLimitDemand], _ cells: [RateLimitCell]) async -> [RateLimitDecision] {
        let now = Self.now
        let known = cells.map { $0.refusal(at: now) }
        // Refused already: nothing is counted, so the others stand as they are.
        if known.contains(where: { $0 != nil }) { return zip(cells, known).map { $1 ?? $0.look(alone: false, at: now) } }
        do {
            let keys = demands.map { "rate:\($0.limit.name):\($0.subject.key)" }
            let arguments: [any RedisArgument] = demands.flatMap { [$0.limit.interval, Int64($0.limit.quota)] }
            let answer = try await redis.run(RateLimitScript.takeAll, keys: keys, arguments: arguments)
            let numbers = answer.array?.compactMap(\.integer) ?? []
            guard numbers.count == 1 + 3 * cells.count else { throw RedisError.unexpectedReply("the rate limits' script") }
            return cells.enumerated().map { index, cell in
                cell.settle(
                    isAllowed: numbers[0] == 1, remaining: Int(numbers[3 * index + 1]), retryAfter: numbers[3 * index + 2],
                    reset: numbers[3 * index + 3], at: Self.now)
            }
        } catch {
            guard cells.allSatisfy({ $0.hasRoomAlone(at: now) }) else { return cells.map { $0.look(alone: true, at: now) } }
            return cells.map { $0.decideAlone(at: now) }
        }
    }

    private func refill(_ cell: RateLimitCell, _ limit: RateLimit, _ subject: RateLimitSubject, _ wanted: Int) async {
        do {
            let arguments: [any RedisArgument] = [limit.interval, limit.quota, wanted]
            let answer = try await redis.run(RateLimitScript.take, keys: ["rate:\(limit.name):\(subject.key)"], arguments: arguments)
            let numbers = answer.array?.compactMap(\.integer) ?? []
            guard numbers.count == 4 else { throw RedisError.unexpectedReply("the rate limit's script") }
            cell.filled(
                granted: Int(numbers[0]), remaining: Int(numbers[1]), retryAfter: numbers[2], reset: numbers[3], wanted: wanted, at: Self.now)
        } catch {
            cell.standsAlone(at: Self.now)
        }
    }

    private func cell(of key: RateLimitDemand) -> RateLimitCell {
        cells.withLock { cells in
            if let cell = cells[key] { return cell }
            if cells.count >= Self.capacity {
                let now = Self.now
                cells = cells.filter { !$0.value.isIdle(at: now) }
                if cells.count >= Self.capacity { cells = [:] }
            }
            let cell = RateLimitCell(key.limit)
            cells[key] = cell
            return cell
        }
    }

    /// Microseconds that only grow.
    static var now: Int64 { Int64(DispatchTime.now().uptimeNanoseconds / 1000) }
}
