import Dispatch
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
    private struct Key: Hashable {
        var limit: RateLimit
        var subject: RateLimitSubject
    }

    private static let capacity = 50_000

    private let redis: Redis
    private let cells = Mutex<[Key: RateLimitCell]>([:])

    public init(_ redis: Redis) { self.redis = redis }

    /// Whether one more request of `subject` is within `limit`. Never throws and never waits for long: without Redis it decides by itself.
    public func take(_ limit: RateLimit, for subject: RateLimitSubject) async -> RateLimitDecision {
        let cell = cell(of: Key(limit: limit, subject: subject))
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

    private func cell(of key: Key) -> RateLimitCell {
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
    private static var now: Int64 { Int64(DispatchTime.now().uptimeNanoseconds / 1000) }
}
