import Foundation
import Outbound
import Redis

/// The copies' common memory of robots.txt files. Without Redis each copy asks once for itself.
struct SharedRobots: Sendable {
    /// One file and how long it still holds.
    struct Entry: Sendable {
        var rules: RobotsRules
        var lifetime: Duration
    }

    static let mostBytes = 256 * 1024

    private struct Stored: Codable {
        var rules: RobotsRules
        var until: Date
    }

    let redis: Redis?
    let robot: String

    func find(_ server: HostPort) async -> Entry? {
        guard let redis, let bytes = try? await redis.get(key(server)), let stored = try? JSONDecoder().decode(Stored.self, from: Data(bytes))
        else { return nil }
        let left = stored.until.timeIntervalSinceNow
        return left > 0 ? Entry(rules: stored.rules, lifetime: .seconds(left)) : nil
    }

    func keep(_ server: HostPort, _ entry: Entry) async {
        let stored = Stored(rules: entry.rules, until: Date(timeIntervalSinceNow: entry.lifetime / .seconds(1)))
        guard let redis, let bytes = try? JSONEncoder().encode(stored), bytes.count <= Self.mostBytes else { return }
        try? await redis.set(key(server), Array(bytes), expires: entry.lifetime)
    }

    /// Two robots of different names may be allowed different things.
    private func key(_ server: HostPort) -> String { "scraper:robots:\(robot.lowercased()):\(server)" }
}
