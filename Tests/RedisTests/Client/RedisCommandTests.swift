import TestKit
import Testing

@testable import Redis

@Suite struct RedisCommandTests {
    @Test func aCommandTravelsAsAMultiBulkRequest() {
        let command = RedisCommand("SET", "key", [0, 13, 10], 7)
        #expect(command.wire == Array("*4\r\n$3\r\nSET\r\n$3\r\nkey\r\n$3\r\n".utf8) + [0, 13, 10] + Array("\r\n$1\r\n7\r\n".utf8))
    }

    @Test func commandsOfManyTasksGetTheirOwnAnswers() async throws {
        try await TestRedis.with { redis, prefix in
            try await withThrowingTaskGroup { group in
                for task in 0..<64 {
                    group.addTask {
                        for round in 0..<50 {
                            let value = Array("\(task)-\(round)".utf8)
                            try await redis.set("\(prefix)\(task)", value)
                            #expect(try await redis.get("\(prefix)\(task)") == value)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: [0, 1, 100, 16 * 1024, 16 * 1024 + 1, 1_000_000, 20_000_000])
    func anyBytesComeBackAsTheyWere(count: Int) async throws {
        try await TestRedis.with { redis, prefix in
            let value = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await redis.set(prefix, value)
            #expect(try await redis.get(prefix) == value)
        }
    }

    @Test func everyKindOfAnswerIsRead() async throws {
        try await TestRedis.with { redis, prefix in
            #expect(try await redis.send(RedisCommand("PING")) == .status("PONG"))
            #expect(try await redis.send(RedisCommand("GET", prefix)) == .null)
            #expect(try await redis.send(RedisCommand("INCR", prefix)) == .integer(1))
            let nested = try await redis.send(RedisCommand("EVAL", "return {1, {'a', false}, redis.error_reply('ODD one')}", 0))
            #expect(nested == .array([.integer(1), .array([.bytes(Array("a".utf8)), .null]), .error("ODD one")]))
        }
    }

    @Test func anErrorOfTheServerIsThrownAndTheConnectionGoesOn() async throws {
        try await TestRedis.with { redis, prefix in
            try await redis.set(prefix, [1])
            let refusal = await #expect(throws: RedisError.self) { try await redis.send(RedisCommand("LPUSH", prefix, "x")) }
            #expect(refusal?.code == "WRONGTYPE")
            await #expect(throws: RedisError.server("MOVED 3999 127.0.0.1:6381")) {
                try await redis.send(RedisCommand("EVAL", "return redis.error_reply('MOVED 3999 127.0.0.1:6381')", 0))
            }
            #expect(try await redis.get(prefix) == [1])
        }
    }

    @Test func aValueIsSetOnlyWhenAbsentAndExpires() async throws {
        try await TestRedis.with { redis, prefix in
            #expect(try await redis.setIfAbsent(prefix, [1], expires: .seconds(60)))
            #expect(try await !redis.setIfAbsent(prefix, [2], expires: .seconds(60)))
            let left = try #require(try await redis.send(RedisCommand("PTTL", prefix)).integer)
            #expect(1...60_000 ~= left)
            #expect(try await redis.delete([prefix, prefix + "absent"]) == 1)
            #expect(try await redis.get(prefix) == nil)
        }
    }

    @Test func aScriptRunsAgainAfterTheServerForgotIt() async throws {
        try await TestRedis.with { redis, prefix in
            let script = RedisScript("return {KEYS[1], ARGV[1]}")
            let expected = RedisValue.array([.bytes(Array(prefix.utf8)), .bytes(Array("5".utf8))])
            #expect(try await redis.run(script, keys: [prefix], arguments: [5]) == expected)
            _ = try await redis.send(RedisCommand("SCRIPT", "FLUSH"))
            #expect(try await redis.run(script, keys: [prefix], arguments: [5]) == expected)
            #expect(try await redis.run(script, keys: [prefix], arguments: [5]) == expected)
        }
    }
}
