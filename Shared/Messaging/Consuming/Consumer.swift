import Foundation
import Logging
import Metrics
import Postgres
import ServiceLifecycle
import Synchronization
import Tracing

/// What one service hears on its quorum queue `hearth.<service>`. A handler runs in the transaction that also writes the inbox row: return
/// acknowledges after the commit, throw retries with growing delay (1 s, 10 s, 1 min, 10 min) and then parks the message in `hearth.<service>.dead`.
/// So does a message that has no handler; what can never be read is parked at once.
///
///     consumer.on(ListingRead.self) { event, delivery, tx in … }
///
/// Messages with one subject are handled one after another within a copy; copies and retries may still reorder them, see `Delivery`. What comes in
/// numbers can be handled in numbers: `onMany` gets what waits of one type in one transaction.
/// A handler must have no effect outside its transaction: it may run more than once for one message, and only one run commits.
public final class Consumer: Service {
    typealias Handler = @Sendable (Delivery, Transaction) async throws -> Void
    typealias ManyHandler = @Sendable ([Delivery], Transaction) async throws -> Void

    private struct State {
        var handlers: [String: Handler] = [:]
        var manyHandlers: [String: ManyHandler] = [:]
        var anyHandlers: [Handler] = []
        var isStopping = false
        var isSubscribed = false
        var wasSubscribed = false
    }

    let broker: Broker
    let postgres: Postgres
    let service: String
    let retry: RetryPolicy
    let metrics: MessagingMetrics
    let logger: Logger
    /// Of what is handled in one transaction.
    static let most = 64

    private let prefetch: Int
    private let concurrency: Int
    private let context: any RowSecurityContext
    private let state = Mutex(State())

    /// - Parameters:
    ///   - prefetch: so many messages at most are here without being acknowledged.
    ///   - concurrency: so many are handled at once.
    ///   - context: whom handlers act for in the database.
    public init(
        _ broker: Broker, postgres: Postgres, service: String, prefetch: Int = 64, concurrency: Int = 8,
        context: any RowSecurityContext, retry: RetryPolicy = .standard, logger: Logger
    ) {
        self.broker = broker
        self.postgres = postgres
        self.service = service
        self.prefetch = prefetch
        self.concurrency = concurrency
        self.context = context
        self.retry = retry
        self.logger = logger
        metrics = MessagingMetrics(service: service)
    }

    /// Registers a handler. Call before `run()`; one handler per type. The queue is bound to the routing key.
    public func on<M: Message>(_ type: M.Type, _ handler: @escaping @Sendable (M, Delivery, Transaction) async throws -> Void) {
        state.withLock { state in
            precondition(state.handlers[M.name] == nil, "\(M.name) has a handler already")
            state.handlers[M.name] = { delivery, tx in try await handler(delivery.decode(M.self), delivery, tx) }
        }
    }

    /// Registers a handler of many at once: what waits of this type, `most` at most, in one transaction. When that fails each is handled by itself, so that
    /// one that cannot be handled harms no other.
    public func onMany<M: Message>(
        _ type: M.Type, _ handler: @escaping @Sendable ([(message: M, delivery: Delivery)], Transaction) async throws -> Void
    ) {
        on(type) { message, delivery, tx in try await handler([(message, delivery)], tx) }
        state.withLock { state in
            state.manyHandlers[M.name] = { deliveries, tx in
                try await handler(try deliveries.map { (try $0.decode(M.self), $0) }, tx)
            }
        }
    }

    /// Hears every message of `hearth.events` (analytics does), typed handlers first.
    public func onAny(_ handler: @escaping @Sendable (Delivery, Transaction) async throws -> Void) {
        state.withLock { $0.anyHandlers.append(handler) }
    }

    /// True while the broker delivers.
    public var isSubscribed: Bool { state.withLock { $0.isSubscribed } }
    /// True once the queue and its bindings have been declared, and when there is nothing to hear. They are durable: from then on nothing that is
    /// published is missed, whether this process lives or not. Before, the broker drops what nobody else hears.
    public var hearsEverything: Bool { state.withLock { $0.wasSubscribed || ($0.handlers.isEmpty && $0.anyHandlers.isEmpty) } }

    /// Consumes until the task is cancelled or the service group shuts down; messages being handled are finished, the others go back.
    public func run() async throws {
        let lanes = Lanes<IncomingMessage>(concurrency)
        let subscription = subscription { message in
            lanes.add(message, key: message.content.headers[MessageHeader.subject] ?? message.content.messageID)
        }
        guard let subscription else { return try await gracefulShutdown() }
        broker.consuming.subscribe(subscription)
        defer { broker.consuming.unsubscribe(subscription) }
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.keepInbox() }
                await lanes.run { messages in await self.receive(messages) }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.state.withLock { $0.isStopping = true }
            self.broker.consuming.unsubscribe(subscription)
            lanes.finish()
        }
    }

    var isStopping: Bool { Task.isCancelled || state.withLock { $0.isStopping } }

    private func subscription(_ deliver: @escaping @Sendable (IncomingMessage) -> Void) -> Subscription? {
        let keys = state.withLock { $0.anyHandlers.isEmpty ? $0.handlers.keys.sorted() : ["#"] }
        guard !keys.isEmpty else { return nil }
        let queues = ServiceQueues(service: service, retry: retry)
        return Subscription(
            // What is handled in numbers must be there in numbers.
            prefetch: UInt16(clamping: state.withLock { $0.manyHandlers.isEmpty ? prefetch : max(prefetch, 4 * Self.most) }),
            declare: { (connection, channel) throws(BrokerError) in
                try queues.declare(keys, connection, channel)
                return Topology.queue(of: queues.service)
            },
            deliver: deliver,
            onChange: { [weak self] queue in
                self?.state.withLock { state in
                    state.isSubscribed = queue != nil
                    state.wasSubscribed = state.wasSubscribed || queue != nil
                }
            })
    }

    /// What waits in one lane, in its order; neighbours of one type at once, where their handler takes many.
    private func receive(_ messages: [IncomingMessage]) async {
        var together: [Received] = []
        for message in messages where message.isCurrent && !isStopping {
            let received: Received
            do throws(Unprocessable) {
                received = Received(message: message, delivery: try Delivery(json: message.content.body, attempt: message.content.attempts + 1))
            } catch {
                await park(message, "unprocessable", error: error)
                continue
            }
            if together.count == Self.most || together.last.map({ $0.delivery.type != received.delivery.type }) == true {
                await receive(together)
                together = []
            }
            together.append(received)
        }
        await receive(together)
    }

    private func receive(_ together: [Received]) async {
        guard let first = together.first else { return }
        if together.count > 1, let handler = state.withLock({ $0.anyHandlers.isEmpty ? $0.manyHandlers[first.delivery.type] : nil }) {
            let begin = ContinuousClock.now
            let isDone = await withSpan("receive \(first.delivery.type)", context: first.delivery.context, ofKind: .consumer) { span in
                for other in together.dropFirst() { span.addLink(SpanLink(context: other.delivery.context, attributes: [:])) }
                return await handle(together, handler, span)
            }
            if isDone { return metrics.handling.record(duration: .now - begin) }
        }
        for received in together where received.message.isCurrent && !isStopping { await receive(received) }
    }

    private func receive(_ received: Received) async {
        let (message, delivery) = (received.message, received.delivery)
        let handlers = state.withLock { state in (state.handlers[delivery.type].map { [$0] } ?? []) + state.anyHandlers }
        // While copies of two releases run side by side, the newer one takes it at one of its next attempts.
        guard !handlers.isEmpty else { return await fail(message, delivery, UnknownMessage(type: delivery.type)) }
        let begin = ContinuousClock.now
        await withSpan("receive \(delivery.type)", context: delivery.context, ofKind: .consumer) { span in
            await handle(message, delivery, handlers, span)
        }
        metrics.handling.record(duration: .now - begin)
    }

    /// All of them or none: false when they have to be handled one by one.
    private func handle(_ together: [Received], _ handler: ManyHandler, _ span: any Span) async -> Bool {
        do {
            try await commit(together.map(\.delivery), handler)
            for received in together { received.message.acknowledge() }
            return true
        } catch {
            span.recordError(error)
            return false
        }
    }

    /// Handles a message until it is done, failed or not ours any more. The database being away is no failure of the message: it is held here and tried
    /// again, as giving it back would count against the queue's delivery limit.
    private func handle(_ message: IncomingMessage, _ delivery: Delivery, _ handlers: [Handler], _ span: any Span) async {
        for outages in 0... {
            do {
                try await commit(delivery, handlers)
                return message.acknowledge()
            } catch is CancellationError {
                return
            } catch {
                span.recordError(error)
                let isOutage = (error as? PostgresError)?.isOutage == true
                // A message that breaks its connection each time, while others get through, is at fault itself.
                let isToBlame = outages > 20 ? (try? await postgres.rows("SELECT 1")) != nil : false
                if !isOutage || isToBlame { return await fail(message, delivery, error) }
            }
            guard message.isCurrent, !isStopping else { return }
            try? await Task.sleep(for: .milliseconds(min(50 << min(outages, 5), 1000)))
            guard message.isCurrent, !isStopping else { return }
        }
    }

    /// The inbox row and the effect in one transaction. A message whose row is there already has had its effect.
    private func commit(_ delivery: Delivery, _ handlers: [Handler]) async throws {
        guard let day = delivery.day else { throw Unprocessable("the time is beyond the calendar") }
        let isFirst = try await postgres.transaction(as: context, retries: 3) { tx in
            let inserted = try await tx.rows(
                "INSERT INTO inbox (message_id, day) VALUES (\(delivery.id), \(day)) ON CONFLICT DO NOTHING RETURNING day")
            guard !inserted.isEmpty else { return false }
            for handler in handlers { try await handler(delivery, tx) }
            return true
        }
        (isFirst ? metrics.handled : metrics.repeated).increment()
    }

    /// As one by one, but in one transaction. The rows are written in one order, as copies may have the same messages.
    private func commit(_ deliveries: [Delivery], _ handler: ManyHandler) async throws {
        let days = deliveries.compactMap(\.day)
        guard days.count == deliveries.count else { throw Unprocessable("the time is beyond the calendar") }
        let fresh = try await postgres.transaction(as: context, retries: 3) { tx in
            let inserted = try await tx.rows(
                """
                INSERT INTO inbox (message_id, day)
                SELECT DISTINCT message_id, day FROM unnest(\(deliveries.map(\.id))::uuid[], \(days)::date[]) AS received (message_id, day)
                ORDER BY message_id ON CONFLICT DO NOTHING RETURNING message_id
                """)
            var fresh = Set(try inserted.map { try $0["message_id"] as UUID })
            let handled = fresh.count
            // The first of those that came twice.
            let first = deliveries.filter { fresh.remove($0.id) != nil }
            if !first.isEmpty { try await handler(first, tx) }
            return handled
        }
        metrics.handled.increment(by: fresh)
        metrics.repeated.increment(by: deliveries.count - fresh)
    }

    /// Makes inbox partitions ahead and drops old ones, whichever copy comes first.
    private func keepInbox() async {
        while !Task.isCancelled {
            do {
                _ = try await postgres.rows("SELECT ensure_inbox_partitions(7), drop_old_inbox_partitions(14)")
                try await Task.sleep(for: .seconds(3600))
            } catch {
                guard !Task.isCancelled else { return }
                logger.warning("The inbox' partitions could not be kept", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .seconds(30))
            }
        }
    }

    /// A message that has been read.
    private struct Received: Sendable {
        var message: IncomingMessage
        var delivery: Delivery
    }
}
