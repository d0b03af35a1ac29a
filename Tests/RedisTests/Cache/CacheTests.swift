import Foundation
import TestKit
import Testing

@testable import Redis

@Suite struct CacheTests {
    private struct Home: Codable, Hashable, Sendable {
        var city: String
        var seen = Date()
    }

    @Test func aLoadedValueIsKeptForItsTime() async throws {
        try await TestRedis.with { redis, _ in
            let cache = Cache(redis)
            let home = Home(city: "Köln")
            #expect(try await cache.value("home:1", ttl: .seconds(60)) { home } == home)
            #expect(try await cache.value("home:1", ttl: .seconds(60)) { Home(city: "elsewhere") } == home)
            // It is answered while it is on its way into Redis.
            try await eventually { await cache.get("home:1", as: Home.self) == home }
            let left = try #require(try await redis.send(RedisCommand("PTTL", "home:1")).integer)
            #expect(1...60_000 ~= left)
        }
    }

    @Test func bytesAreKeptAsTheyAreAndNilIsAValue() async throws {
        try await TestRedis.with { redis, _ in
            let cache = Cache(redis)
            let bytes: [UInt8] = try await cache.value("raw:1", ttl: .seconds(60)) { [0, 255] }
            #expect(bytes == [0, 255])
            try await eventually { try await redis.get("raw:1") == [0, 255] }
            #expect(try await cache.value("none:1", ttl: .seconds(60)) { nil as String? } == nil)
            #expect(try await cache.value("none:1", ttl: .seconds(60)) { "loaded again" as String? } == nil)
        }
    }

    @Test func aStampedeLoadsOnce() async throws {
        try await TestRedis.with { redis, _ in
            let cache = Cache(redis)
            let gate = Gate()
            try await withThrowingTaskGroup { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await cache.value("home:1", ttl: .seconds(60)) {
                            try await gate.pass()
                            return 7
                        }
                    }
                }
                try await gate.waitForArrival()
                gate.open()
                for try await value in group { #expect(value == 7) }
            }
            #expect(gate.arrivals == 1)
        }
    }

    @Test func whenTheCallerThatLoadsIsCancelledAnotherLoads() async throws {
        try await TestRedis.with { redis, _ in
            let cache = Cache(redis)
            let gate = Gate()
            let load: @Sendable () async throws -> Int = {
                try await gate.pass()
                return 7
            }
            let first = Task { try await cache.value("home:1", ttl: .seconds(60), load: load) }
            try await gate.waitForArrival()
            let second = Task { try await cache.value("home:1", ttl: .seconds(60), load: load) }
            let third = Task { try await cache.value("home:1", ttl: .seconds(60), load: load) }
            first.cancel()
            await #expect(throws: CancellationError.self) { try await first.value }
            gate.open()
            #expect(try await second.value == 7)
            #expect(try await third.value == 7)
            #expect(gate.arrivals == 2)
        }
    }

    @Test func aCallerThatWaitsAndIsCancelledLeavesAlone() async throws {
        try await TestRedis.with { redis, _ in
            let cache = Cache(redis)
            let gate = Gate()
            let load: @Sendable () async throws -> Int = {
                try await gate.pass()
                return 7
            }
            let first = Task { try await cache.value("home:1", ttl: .seconds(60), load: load) }
            try await gate.waitForArrival()
            let second = Task { try await cache.value("home:1", ttl: .seconds(60), load: load) }
            second.cancel()
            await #expect(throws: CancellationError.self) { try await second.value }
            gate.open()
            #expect(try await first.value == 7)
            #expect(gate.arrivals == 1)
        }
    }

    @Test func aFailedLoadIsThrownAndNotKept() async throws {
        struct Broken: Error {}
        try await TestRedis.with { redis, _ in
            let cache = Cache(redis)
            await #expect(throws: Broken.self) { try await cache.value("home:1", ttl: .seconds(60)) { () -> Int in throw Broken() } }
            let loaded = try await cache.value("home:1", ttl: .seconds(60)) { 7 }
            #expect(loaded == 7)
        }
    }

    @Test func aCorruptValueIsAMissAndIsReplaced() async throws {
        try await TestRedis.with { redis, _ in
            let cache = Cache(redis)
            try await redis.set("home:1", Array("{\"city\":".utf8))
            #expect(await cache.get("home:1", as: Home.self) == nil)
            #expect(try await redis.get("home:1") == nil)
            try await redis.set("home:1", Array("[]".utf8))
            let home = Home(city: "Bonn")
            #expect(try await cache.value("home:1", ttl: .seconds(60)) { home } == home)
            try await eventually { await cache.get("home:1", as: Home.self) == home }
        }
    }

    @Test func aValueSetByHandIsNotReplacedByAnOlderLoad() async throws {
        try await TestRedis.with { redis, _ in
            let cache = Cache(redis)
            let other = Cache(redis)
            let gate = Gate()
            async let old = cache.value("home:1", ttl: .seconds(60)) {
                try await gate.pass()
                return "old"
            }
            try await gate.waitForArrival()
            await other.set("home:1", "new", ttl: .seconds(60))
            gate.open()
            #expect(try await old == "old")
            #expect(await cache.get("home:1", as: String.self) == "new")
        }
    }
}
