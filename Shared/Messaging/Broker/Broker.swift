import Logging
import ServiceLifecycle

/// The connection of one process to RabbitMQ: two of them in truth, one to publish and one to consume, so that a broker that holds back
/// publishers does not hold back consumers. Each beats, and reconnects with backoff by itself. `run()` is the root task of both.
public final class Broker: Service {
    let publishing: BrokerLink
    let consuming: BrokerLink
    let configuration: BrokerConfiguration
    private let connection = Connectivity(["publish", "consume"])
    private let metrics: MessagingMetrics

    public init(_ configuration: BrokerConfiguration, logger: Logger) {
        self.configuration = configuration
        metrics = MessagingMetrics(service: configuration.service)
        let connection = connection
        publishing = BrokerLink(configuration, purpose: "publish", logger: logger) { connection.set("publish", $0) }
        consuming = BrokerLink(configuration, purpose: "consume", logger: logger) { connection.set("consume", $0) }
    }

    /// Stays connected until the task is cancelled or the service group shuts down; what was handed over by then is confirmed first. Throws only when
    /// the URL makes no sense.
    public func run() async throws {
        defer { connection.finish() }
        try await withTaskCancellationOrGracefulShutdownHandler {
            async let publishing: Void = publishing.run()
            async let consuming: Void = consuming.run()
            _ = try await (publishing, consuming)
        } onCancelOrGracefulShutdown: {
            self.consuming.stop()
            self.publishing.stop()
        }
    }

    /// True while both connections are there.
    public var isConnected: Bool { connection.isConnected }

    /// Publishes and waits until the broker has confirmed. Concurrent publishes share a confirm window. Throws `BrokerError` when returned as
    /// unroutable with `mandatory`, rejected, or not confirmed within the deadline: it is then unknown whether it arrived.
    public func publish(_ message: OutgoingMessage) async throws {
        let isConnected = publishing.isConnected
        switch await outcomes([message]).first {
        case .taken: return
        case .rejected: throw BrokerError.rejected
        case .unroutable: throw BrokerError.unroutable(routingKey: message.routingKey)
        case .unknown, nil:
            throw isConnected && publishing.isConnected ? BrokerError.unconfirmed : .disconnected("not connected while publishing")
        }
    }

    /// The same for many, in order, in one window. Returns the indices that were confirmed, in order, and never throws for a message that was not.
    public func publish(_ messages: [OutgoingMessage]) async throws -> [Int] {
        await outcomes(messages).indices(where: { $0 == .taken })
    }

    /// True, false, true … as the connection comes and goes, beginning with the state now.
    public func connectivity() -> AsyncStream<Bool> { connection.observe() }

    private func outcomes(_ messages: [OutgoingMessage]) async -> [PublishBatch.Outcome] {
        metrics.inFlight.increment(by: Double(messages.count))
        defer { metrics.inFlight.decrement(by: Double(messages.count)) }
        let outcomes = await publishing.publish(messages)
        let confirmed = outcomes.count { $0 == .taken }
        metrics.confirmed.increment(by: Int64(confirmed))
        metrics.unconfirmed.increment(by: Int64(outcomes.count - confirmed))
        return outcomes
    }
}

extension Array {
    fileprivate func indices(where holds: (Element) -> Bool) -> [Int] { indices.filter { holds(self[$0]) } }
}
