import TestKit
import Testing

@testable import Redis

@Suite struct CacheInvalidationTests {
    @Test func aNotifiedKeyIsRemovedWhenItIsOurs() async throws {
        try await running(["doc:"]) { redis, notify in
            try await redis.set("doc:1", [1])
            try await redis.set("agency:1", [1])
            notify.yield("agency:1")
            notify.yield("doc:1")
            try await eventually { try await redis.get("doc:1") == nil }
            #expect(try await redis.get("agency:1") == [1])
        }
    }

    @Test func afterAGapEveryKeyOfOurFamiliesIsRemovedAndNoOther() async throws {
        try await running(["doc:", "odd[*]:"]) { redis, notify in
            for number in 0..<2500 { try await redis.set("doc:\(number)", [1]) }
            try await redis.set("odd[*]:1", [1])
            try await redis.set("odd*:1", [1])
            try await redis.set("session:1", [1])
            notify.yield(nil)
            try await eventually {
                return try await redis.send(RedisCommand("DBSIZE")).integer == 2
            }
            #expect(try await redis.get("session:1") == [1])
            #expect(try await redis.get("odd*:1") == [1])
        }
    }

    private func running(
        _ prefixes: [String], _ body: @Sendable (Redis, AsyncStream<String?>.Continuation) async throws -> Void
    ) async throws {
        try await TestRedis.with { redis, _ in
            let (keys, notify) = AsyncStream.makeStream(of: String?.self)
            let invalidation = CacheInvalidation(cache: Cache(redis), prefixes: prefixes, keys: keys)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await invalidation.run() }
                defer { group.cancelAll() }
                try await body(redis, notify)
            }
        }
    }
}
