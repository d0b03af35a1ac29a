import Foundation
import Logging
import Postgres
import ServiceLifecycle

/// Moves rows from `outbox` to the broker in order per aggregate and deletes them once confirmed. Any number of copies may run.
///
/// **Order.** All rows of an aggregate are in one lane. A copy reads and sends a lane only while it holds that lane's advisory lock, in the order of
/// ids, over one channel, and lets go of it only after the deletes are committed; so no other copy can read a later row of the lane before
/// the earlier ones are gone. After an unclear outcome (a lost connection) rows are sent again: receivers see a message twice at most in
/// effect once, by the inbox. A message that the broker itself refused (a full queue) is sent after its successors; receivers that keep
/// copies compare versions.
///
/// **Sharing.** A copy takes half of the lanes that have rows (at least four) per batch, beginning at a random one, and lets go of all after it.
public final class OutboxRelay: Service {
    static let signal = "outbox"
    private static let batchSize = 500
    private static let pollInterval = Duration.milliseconds(250)

    private let postgres: Postgres
    private let configuration: PostgresConfiguration
    private let broker: Broker
    private let metrics: MessagingMetrics
    private let logger: Logger

    /// - Parameter configuration: of the database; the relay keeps a session on its direct URL.
    public init(postgres: Postgres, configuration: PostgresConfiguration, broker: Broker, service: String, logger: Logger) {
        self.postgres = postgres
        self.configuration = configuration
        self.broker = broker
        self.logger = logger
        metrics = MessagingMetrics(service: service)
    }

    /// Relays until the task is cancelled or the service group shuts down; the batch in flight is finished first.
    public func run() async throws {
        let (wakeups, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.tick(continuation) }
                group.addTask {
                    for await _ in self.postgres.signals(Self.signal) { continuation.yield() }
                }
                await self.relay(wakeups)
                group.cancelAll()
            }
        } onGracefulShutdown: {
            continuation.finish()
        }
    }

    private func tick(_ wakeups: AsyncStream<Void>.Continuation) async {
        while !Task.isCancelled {
            wakeups.yield()
            try? await Task.sleep(for: Self.pollInterval)
        }
    }

    /// A session after another, each until it breaks.
    private func relay(_ wakeups: AsyncStream<Void>) async {
        var iterator = wakeups.makeAsyncIterator()
        var failures = 0
        while await iterator.next() != nil, !Task.isCancelled {
            do {
                try await PostgresSession.with(configuration, logger: logger) { session in
                    var nextMeasurement = ContinuousClock.now
                    repeat {
                        failures = 0
                        while broker.isConnected, !Task.isCancelled, !Task.isShuttingDownGracefully, try await sendBatch(session) {}
                        if ContinuousClock.now >= nextMeasurement {
                            try await measure(session)
                            nextMeasurement = .now + .seconds(5)
                        }
                    } while await iterator.next() != nil && !Task.isCancelled
                }
            } catch {
                failures += 1
                logger.log(level: failures == 1 ? .warning : .error, "The outbox' session is lost", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .milliseconds(min(100 << min(failures, 5), 2000)))
            }
        }
    }

    /// One batch: lock lanes, read, send, delete, unlock. True when there may be more at once.
    private func sendBatch(_ session: PostgresSession) async throws -> Bool {
        // The locks are taken in a statement of their own: the snapshot of the next one then sees every delete of the holder before.
        let lanes = try await session.rows(
            """
            WITH pending AS MATERIALIZED (
                SELECT lane FROM generate_series(0, 31) AS lane WHERE EXISTS (SELECT FROM outbox WHERE outbox.lane = lane.lane)
            ), chosen AS MATERIALIZED (
                SELECT lane FROM pending ORDER BY random() LIMIT GREATEST(4, (SELECT (count(*) + 1) / 2 FROM pending))
            )
            SELECT lane FROM chosen WHERE pg_try_advisory_lock(hashtext('outbox ' || current_schema()), lane)
            """
        ).map { try $0["lane"] as Int }
        guard !lanes.isEmpty else { return false }
        // Commands that wait for their receiver's queue must not fill the batch that events travel in: each kind has a half of its own.
        let rows = try await session.all(
            """
            (SELECT id, lane, message_id, subject, type, body FROM outbox
             WHERE lane = ANY(\(lanes)::int[]) AND lane < 16 ORDER BY id LIMIT \(Self.batchSize))
            UNION ALL
            (SELECT id, lane, message_id, subject, type, body FROM outbox
             WHERE lane = ANY(\(lanes)::int[]) AND lane >= 16 ORDER BY id LIMIT \(Self.batchSize))
            """, as: OutboxRow.self)
        let confirmed = try await broker.publish(rows.map(\.message)).map { rows[$0].id }
        if !confirmed.isEmpty { try await session.execute("DELETE FROM outbox WHERE id = ANY(\(confirmed)::bigint[])") }
        _ = try await session.rows("SELECT pg_advisory_unlock_all()")
        if confirmed.count < rows.count {
            logger.warning("Messages stay in the outbox", metadata: ["sent": "\(rows.count)", "confirmed": "\(confirmed.count)"])
            return false
        }
        return !rows.isEmpty
    }

    func measure(_ session: PostgresSession) async throws {
        let row = try await session.rows(
            """
            SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT 100000) AS waiting)::int AS rows,
                COALESCE(EXTRACT(epoch FROM clock_timestamp() - (SELECT created_at FROM outbox ORDER BY id LIMIT 1)), 0)::float8 AS age
            """
        ).first
        guard let row else { return }
        metrics.outboxRows.record(try row["rows"] as Int)
        metrics.outboxAge.record(try row["age"] as Double)
    }
}
