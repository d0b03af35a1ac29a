import Foundation
import Redis

/// GET of many tasks against redis-benchmark with as many connections.
struct RedisFigures {
    let servers: Servers
    let plan: Plan
    private static let key = "key:__rand_int__"

    func take() async throws -> [Figure] {
        let redis = Redis(RedisConfiguration(url: servers.redisURL, commandTimeout: .seconds(5)), logger: Servers.logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await redis.run() }
            defer { group.cancelAll() }
            guard try await redis.waitUntilConnected() else { throw BenchmarkError("Redis is not reachable") }
            try await redis.set(Self.key, Array("xxx".utf8))
            return [try await measure(redis)]
        }
    }

    private func measure(_ redis: Redis) async throws -> Figure {
        guard let server = URLComponents(string: servers.redisURL), let host = server.host, let port = server.port else {
            throw BenchmarkError("HEARTH_REDIS_URL names no host and port")
        }
        var rounds: [Round] = []
        for round in 0...plan.rounds {
            let peer = try await redisBenchmark(host, port)
            let sample = try await Load.run(tasks: 64, for: plan.duration) { _ in
                guard try await redis.get(Self.key)?.count == 3 else { throw BenchmarkError("\(Self.key) is not what was set") }
            }
            guard round > 0 else { continue }
            rounds.append(Round(hearth: sample, peer: peer))
        }
        return Figure(name: "Redis GET, 64 tasks", peerName: "redis-benchmark -c 64", target: .ratio(1, aim: 2), rounds: rounds)
    }

    private func redisBenchmark(_ host: String, _ port: Int) async throws -> Sample {
        try await .measured {
            let count = 60_000 * plan.wholeSeconds
            let output = try await Tool.run("redis-benchmark", ["-h", host, "-p", "\(port)", "-c", "64", "-n", "\(count)", "-t", "get", "--csv"])
            return (try rate(output), count, nil)
        }
    }

    /// `"GET","61234.56",…` is its last line.
    private func rate(_ csv: String) throws -> Double {
        try Tool.number(after: "\"GET\"", in: csv)
    }
}
