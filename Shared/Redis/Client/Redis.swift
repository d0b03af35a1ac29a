import Dispatch
import Logging
import ServiceLifecycle
import Synchronization

/// A multiplexed client: commands of concurrent tasks travel together on few connections. `run()` is its root task.
///
/// It speaks request and answer only: blocking commands (`BLPOP`), `SUBSCRIBE`, and `MULTI` as a command of its own would disturb the others that
/// share the connection. Use a `RedisScript` for what must happen at once.
public final class Redis: Service {
    private let address: Result<RedisAddress, any Error>
    private let lanes: [RedisLane]
    private let presence = RedisPresence()
    private let metrics: RedisMetrics
    private let turn = Atomic<UInt>(0)

    /// Opens nothing yet. A URL that cannot be read makes `run()` throw.
    public init(_ configuration: RedisConfiguration, logger: Logger) {
        address = Result { try RedisAddress(configuration.url) }
        metrics = RedisMetrics()
        var lanes: [RedisLane] = []
        if case .success(let address) = address {
            for _ in 0..<max(1, configuration.connections) {
                lanes.append(RedisLane(address, configuration, presence: presence, metrics: metrics, logger: logger))
            }
        }
        self.lanes = lanes
    }

    /// Keeps the connections standing until a graceful shutdown or cancellation; commands that are on their way then are still answered. Throws
    /// `RedisError.invalidURL`.
    public func run() async throws {
        _ = try address.get()
        await withTaskGroup { group in
            for lane in lanes { group.addTask { await lane.run() } }
            try? await gracefulShutdown()
            group.cancelAll()
        }
    }

    /// Sends one command. Throws `RedisError.unavailable` at once while there is no connection, `.timeout` when no answer comes in time, `.overloaded`
    /// when too many commands wait, `.server` for an error reply, and `CancellationError` as soon as the task is cancelled.
    public func send(_ command: RedisCommand) async throws -> RedisValue {
        guard let connection = pick() else {
            metrics.failed(RedisError.unavailable)
            throw RedisError.unavailable
        }
        let start = DispatchTime.now().uptimeNanoseconds
        do {
            let value = try await connection.send(command)
            metrics.answered(in: DispatchTime.now().uptimeNanoseconds - start)
            return value
        } catch {
            metrics.failed(error)
            throw error
        }
    }

    /// True while at least one connection stands.
    public var isConnected: Bool { presence.count > 0 }

    /// Waits for a connection; false when there is none within `limit`.
    public func waitUntilConnected(for limit: Duration = .seconds(5)) async throws -> Bool {
        let end = ContinuousClock.now + limit
        while !isConnected {
            guard ContinuousClock.now < end else { return false }
            try await Task.sleep(for: .milliseconds(5))
        }
        return true
    }

    /// Grows with every connection lost. While it stays the same, the server has not been exchanged or restarted in between.
    var epoch: Int { presence.epoch }

    private func pick() -> RedisConnection? {
        let first = Int(turn.wrappingAdd(1, ordering: .relaxed).newValue % UInt(max(1, lanes.count)))
        for offset in lanes.indices {
            if let connection = lanes[(first + offset) % lanes.count].connection { return connection }
        }
        return nil
    }
}
