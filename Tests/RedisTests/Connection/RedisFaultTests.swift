import TestKit
import Testing

@testable import Redis

@Suite struct RedisFaultTests {
    @Test func aLateAnswerIsATimeOutAndTheClientComesBack() async throws {
        try await TestRedis.server { server in
            try await TestRedis.withClient(server.url, connections: 1, commandTimeout: .milliseconds(500)) { redis in
                let slow = Task { try await redis.send(RedisCommand("DEBUG", "SLEEP", "2")) }
                await #expect(throws: RedisError.timeout) { try await slow.value }
                try await eventually { try await redis.send(RedisCommand("PING")) != .null }
            }
        }
    }

    @Test func withoutAServerEveryCommandFailsAtOnceAndAfterItsReturnTheyWorkAgain() async throws {
        try await TestRedis.server { server in
            try await TestRedis.withClient(server.url) { redis in
                let script = RedisScript("return 1")
                _ = try await redis.run(script, keys: [])
                let asleep = Task { try await redis.send(RedisCommand("DEBUG", "SLEEP", "60")) }
                try await Task.sleep(for: .milliseconds(20))
                server.kill()
                await #expect(throws: RedisError.unavailable) { try await asleep.value }
                try await eventually { !redis.isConnected }
                await #expect(throws: RedisError.unavailable) { try await redis.send(RedisCommand("PING")) }
                try await server.start()
                try await eventually { try await redis.run(script, keys: []) != .null }
                #expect(redis.epoch > 0)
            }
        }
    }

    @Test func aCancelledTaskLeavesAtOnceAndItsAnswerGoesToNobodyElse() async throws {
        try await TestRedis.server { server in
            try await TestRedis.withClient(server.url, connections: 1) { redis in
                let first = Task { try await redis.send(RedisCommand("DEBUG", "SLEEP", "0.5")) }
                try await Task.sleep(for: .milliseconds(20))
                let second = Task { try await redis.send(RedisCommand("ECHO", "second")) }
                let third = Task { try await redis.send(RedisCommand("ECHO", "third")) }
                second.cancel()
                await #expect(throws: CancellationError.self) { try await second.value }
                #expect(try await first.value == .status("OK"))
                #expect(try await third.value.string == "third")
            }
        }
    }

    @Test func moreCommandsThanMayWaitAreRefused() async throws {
        try await TestRedis.server { server in
            var configuration = RedisConfiguration(url: server.url, connections: 1, commandTimeout: .seconds(5))
            configuration.waitingLimit = 10
            let connection = try await RedisConnection.open(RedisAddress(server.url), configuration)
            let asleep = Task { try await connection.send(RedisCommand("DEBUG", "SLEEP", "2")) }
            try await Task.sleep(for: .milliseconds(200))
            let outcomes = await withTaskGroup { group in
                for _ in 0..<20 { group.addTask { await Result { _ = try await connection.send(RedisCommand("PING")) } } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            _ = try await asleep.value
            let refused = outcomes.filter { if case .failure(RedisError.overloaded) = $0 { true } else { false } }
            #expect(refused.count == 11)
            connection.drain()
            await connection.closed()
        }
    }

    @Test func anAnswerThatNobodyAskedForEndsTheConnection() async throws {
        try await TestRedis.server { server in
            try await TestRedis.withClient(server.url, connections: 1) { redis in
                // One command with two answers: every later command would get its neighbour's.
                _ = try? await redis.send(RedisCommand("SUBSCRIBE", "a", "b"))
                try await eventually { redis.epoch == 1 }
                try await eventually { try await redis.send(RedisCommand("ECHO", "own")).string == "own" }
            }
        }
    }

    @Test func aPasswordAUserAndADatabaseAreGivenOnEveryConnection() async throws {
        let user = ["--user", "hearth", "on", ">secret", "~*", "+@all"]
        try await TestRedis.server(user + ["--requirepass", "other"]) { server in
            let url = "redis://hearth:secret@127.0.0.1:\(server.port)/3"
            try await TestRedis.withClient(url) { redis in
                let name = try await redis.send(RedisCommand("ACL", "WHOAMI")).string
                #expect(name == "hearth")
                let connection = try await redis.send(RedisCommand("CLIENT", "INFO")).string
                #expect(connection?.contains(" db=3 ") == true)
            }
        }
    }

    @Test func aSocketServesLikeAPort() async throws {
        try await TestRedis.server { server in
            try await TestRedis.withClient(server.socketURL + "?db=2") { redis in
                let connection = try await redis.send(RedisCommand("CLIENT", "INFO")).string
                #expect(connection?.contains(" db=2 ") == true)
            }
        }
    }

    @Test func whatIsOnItsWayAtTheEndIsAnswered() async throws {
        try await TestRedis.server { server in
            let answer = try await TestRedis.withClient(server.url, connections: 1) { redis in
                let task = Task { try await redis.send(RedisCommand("DEBUG", "SLEEP", "1")) }
                try await Task.sleep(for: .milliseconds(200))
                return task
            }
            #expect(try await answer.value == .status("OK"))
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
