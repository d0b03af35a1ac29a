import CRabbitMQ
import DequeModule
import Foundation
import Logging
import Synchronization

/// One connection to the broker with a thread of its own, made again whenever it is lost. This is the side that everybody else sees; the
/// thread is `LinkThread`. Orders go through a locked queue and an eventfd that wakes the thread from its poll.
final class BrokerLink: Sendable {
    enum Order: Sendable {
        case publish(PublishBatch)
        case settle(channel: UInt16, tag: UInt64, generation: Int)
        case subscribe(Subscription)
        case unsubscribe(Subscription)
        /// Anything else that needs the connection; `nil` when there is none.
        case perform(@Sendable (AMQPConnection?) -> Void)
    }

    private struct State {
        var orders: Deque<Order> = []
        var isAsleep = false
        var isStopping = false
        var isConnected = false
        var generation = 0
    }

    let configuration: BrokerConfiguration
    /// What the connection is for: part of its name at the broker.
    let purpose: String
    let logger: Logger
    let onConnectivity: @Sendable (Bool) -> Void
    private let state = Mutex(State())
    let wakeup: Int32

    init(_ configuration: BrokerConfiguration, purpose: String, logger: Logger, onConnectivity: @escaping @Sendable (Bool) -> Void) {
        self.configuration = configuration
        self.purpose = purpose
        self.logger = logger
        self.onConnectivity = onConnectivity
        wakeup = hearth_eventfd()
    }

    deinit { close(wakeup) }

    var isConnected: Bool { state.withLock { $0.isConnected } }
    var generation: Int { state.withLock { $0.generation } }
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Runs the thread until `stop()`.
    func run() async throws {
        let url = try BrokerURL(configuration.url)
        await withCheckedContinuation { continuation in
            let thread = Thread {
                LinkThread(self, url: url).run()
                continuation.resume()
            }
            thread.name = "amqp-\(purpose)"
            thread.start()
        }
    }

    /// Ends the thread once what was ordered is sent and confirmed, or a few seconds later.
    func stop() {
        state.withLock { $0.isStopping = true }
        wake()
    }

    func publish(_ messages: [OutgoingMessage]) async -> [PublishBatch.Outcome] {
        guard !messages.isEmpty else { return [] }
        return await withCheckedContinuation { continuation in
            let batch = PublishBatch(messages, deadline: .now + configuration.confirmTimeout, continuation: continuation)
            if !order(.publish(batch), whileConnected: true) { batch.abandon() }
        }
    }

    func settle(_ message: IncomingMessage) {
        order(
            .settle(channel: message.channel, tag: message.content.deliveryTag, generation: message.generation), whileConnected: true)
    }

    func subscribe(_ subscription: Subscription) { order(.subscribe(subscription)) }
    func unsubscribe(_ subscription: Subscription) { order(.unsubscribe(subscription)) }

    /// Runs `body` on the connection's thread. Throws `disconnected` when there is no connection. After a refusal the channel it was
    /// about is of no use any more.
    func perform<Result: Sendable>(
        _ body: @escaping @Sendable (AMQPConnection) throws(BrokerError) -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = order(
                .perform { connection in
                    guard let connection else { return continuation.resume(throwing: BrokerError.disconnected("not connected")) }
                    do throws(BrokerError) {
                        continuation.resume(returning: try body(connection))
                    } catch {
                        continuation.resume(throwing: error)
                    }
                }, whileConnected: true)
            if !isTaken { continuation.resume(throwing: BrokerError.disconnected("not connected")) }
        }
    }

    /// Puts an order into the queue, and wakes the thread if it sleeps. False when it needs a connection and there is none.
    @discardableResult
    private func order(_ order: Order, whileConnected: Bool = false) -> Bool {
        let (isTaken, mustWake) = state.withLock { state in
            if whileConnected && !state.isConnected { return (false, false) }
            state.orders.append(order)
            defer { state.isAsleep = false }
            return (true, state.isAsleep)
        }
        if mustWake { wake() }
        return isTaken
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(wakeup, &one, 8)
    }
}

// What the thread calls.
extension BrokerLink {
    /// Everything ordered so far.
    func takeOrders() -> Deque<Order> {
        state.withLock { state in
            guard !state.orders.isEmpty else { return [] }
            defer { state.orders = [] }
            return state.orders
        }
    }

    /// False when something was ordered meanwhile. After true, an order writes to `wakeup`.
    func fallAsleep() -> Bool {
        state.withLock { state in
            state.isAsleep = state.orders.isEmpty
            return state.isAsleep
        }
    }

    func wakeUp() { state.withLock { $0.isAsleep = false } }

    /// A new generation begins with each connection. What is queued for the lost one comes back.
    func setConnected(_ isConnected: Bool) -> Deque<Order> {
        let (hasChanged, left) = state.withLock { state in
            let hasChanged = state.isConnected != isConnected
            state.isConnected = isConnected
            if hasChanged { state.generation += 1 }
            guard !isConnected else { return (hasChanged, Deque<Order>()) }
            defer { state.orders = [] }
            return (hasChanged, state.orders)
        }
        if hasChanged { onConnectivity(isConnected) }
        return left
    }
}
