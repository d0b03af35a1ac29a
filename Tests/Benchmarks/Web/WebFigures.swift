import Foundation
import Redis

/// Reading listings through the gateway, against a hello behind the same gateway.
struct WebFigures {
    let servers: Servers
    let plan: Plan
    private static let listings = 40_000
    private static let cached = 200

    func take() async throws -> [Figure] {
        let gateway = try Servers.variable("HEARTH_GATEWAY_URL")
        let ids = try await ListingFixture(adminDatabaseURL: servers.adminDatabaseURL).make(Self.listings)
        let token = try await Account(gateway: Gateway(url: gateway)).signIn()
        let wrk = try Wrk(plan: plan)
        defer { wrk.removeFiles() }
        let redis = Redis(RedisConfiguration(url: servers.redisURL, commandTimeout: .seconds(10)), logger: Servers.logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await redis.run() }
            defer { group.cancelAll() }
            guard try await redis.waitUntilConnected() else { throw BenchmarkError("Redis is not reachable") }
            return try await measure(gateway, wrk, redis, ids.map { "/v1/listings/\($0)" }, token)
        }
    }

    private func measure(_ gateway: String, _ wrk: Wrk, _ redis: Redis, _ paths: [String], _ token: String) async throws -> [Figure] {
        var (hit, miss): ([Round], [Round]) = ([], [])
        for round in 0...plan.rounds {
            // The hello listens where analytics would.
            let hello = try await wrk.run(gateway, ["/v1/analytics/hello"]).sample
            let cached = try await wrk.run(gateway, Array(paths.prefix(Self.cached)), token: token).sample
            try await forget(redis)
            let uncached = try await wrk.run(gateway, paths, token: token)
            guard uncached.requests <= paths.count else {
                throw BenchmarkError("\(paths.count) listings are too few for \(uncached.requests) misses")
            }
            guard round > 0 else { continue }
            hit.append(Round(hearth: cached, peer: hello))
            miss.append(Round(hearth: uncached.sample, peer: hello))
        }
        return [
            Figure(
                name: "GET /v1/listings/{id}, cached", peerName: "Hummingbird hello, same gateway", target: .ratio(0.55), rounds: hit,
                note: "wrk -t2 -c64, signed in, \(Self.cached) listings"),
            Figure(
                name: "the same, not cached", peerName: "Hummingbird hello, same gateway", target: .ratio(0.35), rounds: miss,
                note: "each listing asked for once"),
        ]
    }

    /// Takes every listing from the cache.
    private func forget(_ redis: Redis) async throws {
        let script = """
            local cursor = '0'
            repeat
                local found = redis.call('SCAN', cursor, 'MATCH', 'listing:*', 'COUNT', 1000)
                cursor = found[1]
                for _, key in ipairs(found[2]) do redis.call('UNLINK', key) end
            until cursor == '0'
            """
        _ = try await redis.send(RedisCommand("EVAL", script, 0))
    }
}
