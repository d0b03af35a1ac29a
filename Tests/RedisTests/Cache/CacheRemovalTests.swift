import TestKit
import Testing

@testable import Redis

@Suite struct CacheRemovalTests {
    /// The removal comes while a load that read the old value is under way, in this process or in another.
    @Test(arguments: [true, false])
    func aValueRemovedWhileItIsBeingLoadedIsNotKept(inAnotherProcess: Bool) async throws {
        try await TestRedis.withDatabase { url in
            try await TestRedis.withClient(url) { redis in
                try await TestRedis.withClient(url) { otherRedis in
                    let cache = Cache(redis)
                    let remover = inAnotherProcess ? Cache(otherRedis) : cache
                    let gate = Gate()
                    async let old = cache.value("doc:1", ttl: .seconds(60)) {
                        try await gate.pass()
                        return "old"
                    }
                    try await gate.waitForArrival()
                    await remover.remove("doc:1")
                    if !inAnotherProcess {
                        // Who comes after the removal does not join the load from before it.
                        #expect(try await cache.value("doc:1", ttl: .seconds(60)) { "new" } == "new")
                    }
                    gate.open()
                    #expect(try await old == "old")
                    if inAnotherProcess {
                        #expect(await remover.get("doc:1", as: String.self) == nil)
                    } else {
                        try await eventually { await remover.get("doc:1", as: String.self) == "new" }
                    }
                    // What was loaded is answered for as long as it is on its way into Redis, where it is refused.
                    try await eventually { try await cache.value("doc:1", ttl: .seconds(60)) { "new" } == "new" }
                }
            }
        }
    }

    @Test func aLoadThatBeganAfterTheRemovalIsKept() async throws {
        try await TestRedis.with { redis, _ in
            let cache = Cache(redis)
            await cache.remove("doc:1")
            _ = try await cache.value("doc:1", ttl: .seconds(60)) { 1 }
            try await eventually { await cache.get("doc:1", as: Int.self) == 1 }
        }
    }

    @Test func withRedisDownEveryValueIsLoaded() async throws {
        try await TestRedis.server { server in
            try await TestRedis.withClient(server.url) { redis in
                let cache = Cache(redis)
                let cached = try await cache.value("doc:1", ttl: .seconds(60)) { 1 }
                #expect(cached == 1)
                server.kill()
                // The first value may be on its way into Redis for a moment longer.
                try await eventually { try await cache.value("doc:1", ttl: .seconds(60)) { 2 } == 2 }
                #expect(try await cache.value("doc:1", ttl: .seconds(60)) { 3 } == 3)
                #expect(await cache.get("doc:1", as: Int.self) == nil)
                await cache.set("doc:1", 4, ttl: .seconds(60))
            }
        }
    }

    @Test func aRemovalWhileRedisIsAwayIsDoneBeforeTheKeyIsTrustedAgain() async throws {
        // One that comes back with what it had.
        try await TestRedis.server(["--appendonly", "yes", "--appendfsync", "always"]) { server in
            try await TestRedis.withClient(server.url) { redis in
                let cache = Cache(redis)
                _ = try await cache.value("doc:1", ttl: .seconds(60)) { "old" }
                try await eventually { await cache.get("doc:1", as: String.self) == "old" }
                server.kill()
                await cache.remove("doc:1")
                try await server.start()
                for _ in 0..<50 {
                    #expect(try await cache.value("doc:1", ttl: .seconds(60)) { "new" } == "new")
                    try await Task.sleep(for: .milliseconds(2))
                }
                try await eventually {
                    _ = try await cache.value("doc:1", ttl: .seconds(60)) { "new" }
                    return await cache.get("doc:1", as: String.self) == "new"
                }
            }
        }
    }

    @Test func tooManyRemovalsToRememberBecomeTheirFamilies() async throws {
        try await TestRedis.server(["--appendonly", "yes", "--appendfsync", "always"]) { server in
            try await TestRedis.withClient(server.url) { redis in
                let cache = Cache(redis)
                for key in ["doc:another", "docs"] { try await redis.set(key, Array("1".utf8)) }
                server.kill()
                try await eventually { !redis.isConnected }
                await cache.remove((0...10_000).map { "doc:\($0)" })
                #expect(await cache.get("doc:another", as: Int.self) == nil)
                try await server.start()
                try await eventually { try await redis.get("doc:another") == nil }
                #expect(try await redis.get("docs") != nil)
                try await eventually {
                    _ = try await cache.value("doc:another", ttl: .seconds(60)) { 2 }
                    return await cache.get("doc:another", as: Int.self) == 2
                }
            }
        }
    }
}
