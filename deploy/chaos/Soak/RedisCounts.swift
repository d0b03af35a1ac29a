import ClientKit
import Foundation
import Logging
import Redis

/// Redis' own count of its clients.
struct RedisCounts: Sendable {
    private let redis: Redis

    static func with<Result: Sendable>(
        _ surroundings: Surroundings, _ body: @Sendable (RedisCounts) async throws -> Result
    ) async throws -> Result {
        let redis = Redis(
            RedisConfiguration(url: surroundings.redisURL), logger: Logger(label: "chaos") { _ in SwiftLogNoOpLogHandler() })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await redis.run() }
            defer { group.cancelAll() }
            guard try await redis.waitUntilConnected() else { throw StepFailure("Redis does not answer.") }
            return try await body(RedisCounts(redis: redis))
        }
    }

    func clients() async throws -> Double? {
        let text = try await redis.send(RedisCommand("INFO", "clients")).string ?? ""
        return text.firstMatch(of: /connected_clients:([0-9]+)/).flatMap { Double($0.1) }
    }
}
