import Foundation
import Redis
import TestKit
import Testing

@testable import ServiceKit

@Suite struct RateLimiterTests {
    private let limit = RateLimit("test", quota: 5, per: .seconds(3600))

    @Test func aQuotaMayBeUsedAtOnceAndThenNoMore() async throws {
        try await TestRedis.with { redis, _ in
            let limiter = RateLimiter(redis)
            var remaining: [Int] = []
            for _ in 0..<5 {
                let decision = await limiter.take(limit, for: .client("a"))
                #expect(decision.isAllowed)
                remaining.append(decision.remaining)
            }
            #expect(remaining == [4, 3, 2, 1, 0])
            let refused = await limiter.take(limit, for: .client("a"))
            #expect(!refused.isAllowed)
            #expect(refused.limit == 5)
            #expect(Duration.seconds(600)...Duration.seconds(720) ~= refused.retryAfter)
            #expect(Duration.seconds(3000)...Duration.seconds(3600) ~= refused.reset)
            let other = await limiter.take(limit, for: .client("b"))
            #expect(other.isAllowed)
            try await confirmKeyExpires(redis)
        }
    }

    private func confirmKeyExpires(_ redis: Redis) async throws {
        let left = try await redis.send(RedisCommand("PTTL", "rate:test:client:a")).integer
        #expect(1...3_600_000 ~= left ?? 0)
    }

    @Test func permitsComeBackAtAnEvenPace() async throws {
        try await TestRedis.with { redis, _ in
            let limiter = RateLimiter(redis)
            let limit = RateLimit("pace", quota: 2, per: .milliseconds(100))
            while await limiter.take(limit, for: .client("a")).isAllowed {}
            let refused = await limiter.take(limit, for: .client("a"))
            try await Task.sleep(for: refused.retryAfter + .milliseconds(1))
            let again = await limiter.take(limit, for: .client("a"))
            #expect(again.isAllowed)
        }
    }

    /// Two limiters stand for two copies of a service; permits are taken in batches, and never more than there are.
    @Test func allCopiesTogetherAdmitNoMoreThanTheQuota() async throws {
        try await TestRedis.with { redis, _ in
            let limiters = [RateLimiter(redis), RateLimiter(redis)]
            let limit = RateLimit("shared", quota: 1000, per: .seconds(3600))
            let user = UUID()
            let admitted = await withTaskGroup { group in
                for task in 0..<64 {
                    group.addTask {
                        var admitted = 0
                        for _ in 0..<40 where await limiters[task % 2].take(limit, for: .user(user)).isAllowed { admitted += 1 }
                        return admitted
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(900...1001 ~= admitted)
        }
    }

    @Test func aBusyCallerCostsFewRoundTrips() async throws {
        try await TestRedis.server { server in
            try await TestRedis.withClient(server.url) { redis in
                let limiter = RateLimiter(redis)
                let limit = RateLimit("busy", quota: 100_000, per: .seconds(60))
                for _ in 0..<5000 { _ = await limiter.take(limit, for: .client("a")) }
                let stats = try #require(try await redis.send(RedisCommand("INFO", "commandstats")).string)
                let line = try #require(stats.split(separator: "\r\n").first { $0.hasPrefix("cmdstat_evalsha:") })
                let calls = try #require(line.split(separator: "=").dropFirst().first?.split(separator: ",").first.flatMap { Int($0) })
                #expect(calls < 500)
            }
        }
    }

    @Test func withRedisDownAProcessCountsByItself() async throws {
        try await TestRedis.server { server in
            try await TestRedis.withClient(server.url) { redis in
                server.kill()
                let limiter = RateLimiter(redis)
                var admitted = 0
                for _ in 0..<20 where await limiter.take(limit, for: .client("a")).isAllowed { admitted += 1 }
                #expect(admitted == 5)
                try await server.start()
                #expect(try await redis.waitUntilConnected())
            }
        }
    }

    @Test func aSettingNamesQuotaAndTime() {
        #expect(RateLimit("user", setting: "600/60s") == RateLimit("user", quota: 600, per: .seconds(60)))
        #expect(RateLimit("user", setting: "10/1m") == RateLimit("user", quota: 10, per: .seconds(60)))
        for nonsense in ["", "600", "600/", "/60s", "0/60s", "-1/60s", "600/60s/2", "many/60s"] {
            #expect(RateLimit("user", setting: nonsense) == nil)
        }
    }

    @Test func ofAnIPv6AddressOnlyTheNetworkCounts() {
        #expect(RateLimitSubject.network("2001:db8:1:2:3::4") == RateLimitSubject.network("2001:db8:1:2:ffff::1"))
        #expect(RateLimitSubject.network("2001:db8:1:2::1") != RateLimitSubject.network("2001:db8:1:3::1"))
        #expect(RateLimitSubject.network("192.0.2.7") == "192.0.2.7")
        #expect(RateLimitSubject.network("2001:DB8:1:2::1") == "2001:db8:1:2::/64")
    }
}
