import Foundation
import Logging
import Redis

/// A Redis for one test: a database of its own on the private server, or a server of its own.
public enum TestRedis {
    /// Runs `body` with a client on an empty database that no other test uses meanwhile. `prefix` is for keys that should tell where they come from.
    public static func with<Result: Sendable>(
        _ body: @Sendable (_ redis: Redis, _ prefix: String) async throws -> Result
    ) async throws -> Result {
        try await withDatabase { url in
            try await withClient(url) { try await body($0, "test-\(UUID().uuidString.prefix(8).lowercased()):") }
        }
    }

    /// Runs `body` with the URL of an empty database that no other test uses meanwhile, for tests that make clients of their own.
    public static func withDatabase<Result: Sendable>(_ body: @Sendable (_ url: String) async throws -> Result) async throws -> Result {
        try await withClient(TestServers.redisURL, connections: 1) { control in
            let number = try await take(control)
            let url = "\(TestServers.redisURL)/\(number)"
            func giveBack() async throws {
                try await withClient(url, connections: 1) { _ = try await $0.send(RedisCommand("FLUSHDB")) }
                try await control.delete([lock(number)])
            }
            do {
                try await withClient(url, connections: 1) { _ = try await $0.send(RedisCommand("FLUSHDB")) }
                let result = try await body(url)
                try await giveBack()
                return result
            } catch {
                try? await giveBack()
                throw error
            }
        }
    }

    /// Runs `body` with a connected client of `url`, and ends the client afterwards.
    public static func withClient<Result: Sendable>(
        _ url: String, connections: Int = 2, commandTimeout: Duration = .seconds(5), _ body: @Sendable (Redis) async throws -> Result
    ) async throws -> Result {
        let configuration = RedisConfiguration(url: url, connections: connections, commandTimeout: commandTimeout)
        let redis = Redis(configuration, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await redis.run() }
            defer { group.cancelAll() }
            guard try await redis.waitUntilConnected(for: .seconds(10)) else { throw RedisError.unavailable }
            return try await body(redis)
        }
    }

    /// Runs `body` with a server of its own, that it may kill and start again; it is gone afterwards, with its data.
    public static func server<Result: Sendable>(
        _ arguments: [String] = [], _ body: @Sendable (TestRedisServer) async throws -> Result
    ) async throws -> Result {
        let server = try TestRedisServer(arguments)
        defer { server.remove() }
        try await server.start()
        return try await body(server)
    }

    /// The lock ends by itself, so a test that crashed gives its database back.
    private static func take(_ control: Redis) async throws -> Int {
        while true {
            for number in (1..<64).shuffled() where try await control.setIfAbsent(lock(number), [1], expires: .seconds(120)) {
                return number
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private static func lock(_ number: Int) -> String { "hearth-test:database:\(number)" }
}
