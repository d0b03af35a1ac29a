import Foundation
import Redis
import TestKit
import Testing

@testable import ServiceKit

@Suite struct SeveralLimitsTests {
    private let wide = RateLimitDemand(limit: RateLimit("wide", quota: 10, per: .seconds(3600)), subject: .client("a"))
    private let tight = RateLimitDemand(limit: RateLimit("tight", quota: 3, per: .seconds(3600)), subject: .client("a"))

    @Test func `A request beyond one limit counts against none`() async throws {
        try await TestRedis.with { redis, _ in
            let limiter = RateLimiter(redis)
            for left in [2, 1, 0] {
                let decisions = await limiter.take(all: [wide, tight])
                #expect(decisions.allSatisfy(\.isAllowed) && decisions[1].remaining == left)
            }
            for _ in 0..<5 {
                let decisions = await limiter.take(all: [wide, tight])
                #expect(decisions[0].isAllowed && !decisions[1].isAllowed && decisions[1].retryAfter > .zero)
                #expect(decisions[0].remaining == 7)
            }
            // Another copy, which knows nothing of it yet, is told the same.
            let other = await RateLimiter(redis).take(all: [wide, tight])
            #expect(other[0].remaining == 7 && !other[1].isAllowed)
        }
    }

    @Test func `All limits of a request are one round trip, and all copies together stay within them`() async throws {
        try await TestRedis.server { server in
            try await TestRedis.withClient(server.url) { redis in
                let limiters = [RateLimiter(redis), RateLimiter(redis)]
                let demands = [wide, tight]
                let admitted = await withTaskGroup { group in
                    for task in 0..<40 {
                        group.addTask { await limiters[task % 2].take(all: demands).allSatisfy(\.isAllowed) ? 1 : 0 }
                    }
                    return await group.reduce(0, +)
                }
                #expect(admitted == 3)
                let stats = try #require(try await redis.send(RedisCommand("INFO", "commandstats")).string)
                let line = try #require(stats.split(separator: "\r\n").first { $0.hasPrefix("cmdstat_evalsha:") })
                let calls = try #require(line.split(separator: "=").dropFirst().first?.split(separator: ",").first.flatMap { Int($0) })
                #expect(calls <= 42)
            }
        }
    }

    @Test func `With Redis down a process counts all of them by itself`() async throws {
        try await TestRedis.server { server in
            try await TestRedis.withClient(server.url) { redis in
                server.kill()
                let limiter = RateLimiter(redis)
                var admitted = 0
                for _ in 0..<10 where await limiter.take(all: [wide, tight]).allSatisfy(\.isAllowed) { admitted += 1 }
                #expect(admitted == 3)
                try await server.start()
                #expect(try await redis.waitUntilConnected())
            }
        }
    }

    @Test func `What was counted is told once, and only of who asked much or was refused`() async throws {
        try await TestRedis.with { redis, _ in
            let limiter = RateLimiter(redis)
            let long = RateLimit("long", quota: 10, per: .seconds(86_400 * 365))
            for _ in 0..<12 { _ = await limiter.take(long, for: .client("busy")) }
            _ = await limiter.take(long, for: .client("idle"))
            let first = limiter.collect(share: 0.5)
            #expect(first.map(\.identifier) == ["busy"])
            #expect(first.first?.requestCount == 12 && first.first?.refusedCount == 2 && first.first?.identifierType == "ip")
            #expect(limiter.collect(share: 0.5).isEmpty)
            _ = await limiter.take(long, for: .client("busy"))
            let second = limiter.collect(share: 0)
            #expect(second.map(\.requestCount).sorted() == [1, 1])
            #expect(second.first { $0.identifier == "busy" }?.windowStart == first.first?.windowStart)
        }
    }
}
