import Logging
import Synchronization

/// Keeps one connection standing: opens it, introduces itself, and opens the next one when it ends.
final class RedisLane: Sendable {
    private let address: RedisAddress
    private let configuration: RedisConfiguration
    private let metrics: RedisMetrics
    private let logger: Logger
    private let presence: RedisPresence
    private let current = Mutex<RedisConnection?>(nil)

    init(_ address: RedisAddress, _ configuration: RedisConfiguration, presence: RedisPresence, metrics: RedisMetrics, logger: Logger) {
        self.address = address
        self.configuration = configuration
        self.metrics = metrics
        self.logger = logger
        self.presence = presence
    }

    /// Nil while there is none that takes commands.
    var connection: RedisConnection? {
        current.withLock { $0 }.flatMap { $0.accepts ? $0 : nil }
    }

    /// Until the task is cancelled; commands that are on their way then are still answered.
    func run() async {
        var backoff = RedisBackoff()
        var complained = false
        while !Task.isCancelled {
            do {
                let connection = try await open()
                if complained { logger.notice("Redis is back", metadata: ["redis": "\(address)"]) }
                complained = false
                backoff = RedisBackoff()
                await serve(connection)
                if !Task.isCancelled { logger.warning("a connection to Redis ended", metadata: ["redis": "\(address)"]) }
            } catch {
                // Once per outage: every attempt of every copy would bury what matters.
                if !complained { logger.warning("Redis cannot be reached", metadata: ["redis": "\(address)", "error": "\(error)"]) }
                complained = true
            }
            try? await Task.sleep(for: backoff.next())
        }
    }

    private func open() async throws -> RedisConnection {
        let connection = try await RedisConnection.open(address, configuration)
        do {
            for command in introduction { _ = try await connection.send(command) }
        } catch {
            connection.drain()
            throw error
        }
        return connection
    }

    /// PING comes last: a server that is still loading its data refuses it.
    private var introduction: [RedisCommand] {
        var commands: [RedisCommand] = []
        if let password = address.password {
            commands.append(address.user.map { RedisCommand("AUTH", $0, password) } ?? RedisCommand("AUTH", password))
        }
        if address.database != 0 { commands.append(RedisCommand("SELECT", address.database)) }
        return commands + [RedisCommand("PING")]
    }

    private func serve(_ connection: RedisConnection) async {
        current.withLock { $0 = connection }
        presence.gained()
        metrics.connected(presence.count)
        await withTaskCancellationHandler {
            await connection.closed()
        } onCancel: {
            connection.drain()
        }
        current.withLock { $0 = nil }
        presence.lost()
        metrics.connected(presence.count)
    }
}
