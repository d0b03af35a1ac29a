import Foundation
import Outbound
import Redis

/// One request at a time and one pause per host, whatever its ports, for all copies of the service together, kept in Redis.
///
/// While Redis is away each copy keeps its own turns, as ``HostLanes`` does anyway, and makes longer pauses, as it cannot know of the others.
struct HostBudget: Sendable {
    /// How much longer the pauses of a copy are that knows of no other.
    static let alone = 4

    private let redis: Redis?
    /// The longest that one request may last: a copy that died with a turn in hand does not block the server for longer.
    private let longestTurn: Duration
    /// A pause that is longer than this is not waited for.
    private let longestWait: Duration
    /// How long to wait for a turn before the page is given up for now.
    private let patience: Duration

    init(redis: Redis?, longestTurn: Duration, longestWait: Duration = .seconds(60), patience: Duration = .seconds(600)) {
        self.redis = redis
        self.longestWait = longestWait
        self.longestTurn = longestTurn
        self.patience = patience
    }

    /// Waits for the server to be free.
    func enter(_ server: HostPort) async throws -> HostTurn {
        guard let redis else { return HostTurn(token: nil) }
        let token = UUID().uuidString
        let deadline = ContinuousClock.now + patience
        while true {
            let wait: Int64
            do {
                let answer = try await redis.run(
                    Self.take, keys: Self.keys(server), arguments: [token, Int(longestTurn / .milliseconds(1))])
                guard let milliseconds = answer.integer else { throw RedisError.unexpectedReply("EVALSHA") }
                wait = milliseconds
            } catch is RedisError {
                return HostTurn(token: nil)
            }
            guard wait > 0 else { return HostTurn(token: token) }
            guard .milliseconds(wait) <= longestWait else { throw PageProblem.resting(for: .milliseconds(wait)) }
            guard ContinuousClock.now + .milliseconds(wait) < deadline else { throw PageProblem(.timeout, "the site had no free turn in time") }
            // Somebody else's turn may end sooner than it must; several that wait should not all ask at once.
            try await Task.sleep(for: .milliseconds(Double(min(wait, 1000)) * Double.random(in: 0.9...1.1) + 1))
        }
    }

    /// Ends a turn. The server is left alone for `pause`, by everybody.
    func leave(_ server: HostPort, _ turn: HostTurn, pause: Duration) async {
        guard let redis, let token = turn.token else { return }
        // Redis that went away meanwhile lets the turn run out by itself.
        _ = try? await redis.run(Self.giveBack, keys: Self.keys(server), arguments: [token, Int(pause / .milliseconds(1))])
    }

    /// Both keys lie in one slot of a cluster.
    private static func keys(_ server: HostPort) -> [String] { ["scraper:turn:{\(server.host)}", "scraper:pause:{\(server.host)}"] }

    /// KEYS: who has the turn; the pause. ARGV: a token, milliseconds that a turn may last. Gives 0 with the turn, else milliseconds to wait.
    private static let take = RedisScript(
        """
        local pause = redis.call('PTTL', KEYS[2])
        if pause > 0 then return pause end
        if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
        return math.min(math.max(redis.call('PTTL', KEYS[1]), 1), 250)
        """)

    /// KEYS as above. ARGV: the token, milliseconds of pause. A longer pause that is under way stays.
    private static let giveBack = RedisScript(
        """
        if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
        local pause = tonumber(ARGV[2])
        if pause > 0 and pause > redis.call('PTTL', KEYS[2]) then redis.call('SET', KEYS[2], '1', 'PX', ARGV[2]) end
        return 0
        """)
}
