import Foundation
import Logging
import ServiceContextModule
import ServiceLifecycle
import Synchronization

/// What must reach every copy of a service: an exclusive queue per process, at most once, no inbox, no transaction. What was published
/// while the copy was disconnected is missed: watch `Broker.connectivity()` where that matters.
public final class Broadcasts: Service {
    private typealias Handler = @Sendable (Delivery) async -> Void

    private let broker: Broker
    private let service: String
    private let logger: Logger
    private let handlers = Mutex<[String: [Handler]]>([:])
    private let subscribed = Mutex(false)

    public init(_ broker: Broker, service: String, logger: Logger) {
        self.broker = broker
        self.service = service
        self.logger = logger
    }

    /// Registers a handler. Call before `run()`. Several may hear one type, the platform and the service itself for instance: they run one after
    /// the other, in the order of their registration.
    public func on<E: Event>(_ type: E.Type, _ handler: @escaping @Sendable (E, Delivery) async -> Void) {
        let logger = logger
        handlers.withLock { handlers in
            handlers[E.name, default: []].append { delivery in
                do {
                    await handler(try delivery.decode(E.self), delivery)
                } catch {
                    logger.error("A broadcast could not be read", metadata: ["type": "\(E.name)", "error": "\(error.summary)"])
                }
            }
        }
    }

    /// True while this copy hears. False also when it listens to nothing.
    public var isSubscribed: Bool { subscribed.withLock { $0 } }

    /// Listens until the task is cancelled or the service group shuts down.
    public func run() async throws {
        let keys = handlers.withLock { $0.keys.sorted() }
        guard !keys.isEmpty else { return try await gracefulShutdown() }
        let lanes = Lanes<IncomingMessage>(1)
        let service = service
        let subscription = Subscription(
            acknowledges: false,
            declare: { (connection, channel) throws(BrokerError) in
                // A new name each time: the broker may still hold the old queue for the connection that was lost.
                let queue = Topology.copy(of: service, process: .v7())
                try connection.declareQueue(queue, isExclusive: true, channel: channel)
                for key in keys { try connection.bind(queue, to: Topology.events, key: key, channel: channel) }
                return queue
            },
            deliver: { lanes.add($0, key: "") },
            onChange: { [weak self] queue in self?.subscribed.withLock { $0 = queue != nil } })
        broker.consuming.subscribe(subscription)
        defer { broker.consuming.unsubscribe(subscription) }
        await withGracefulShutdownHandler {
            await lanes.run { messages in for message in messages { await self.receive(message) } }
        } onGracefulShutdown: {
            lanes.finish()
        }
    }

    private func receive(_ message: IncomingMessage) async {
        do throws(Unprocessable) {
            let delivery = try Delivery(json: message.content.body, attempt: 1)
            let handlers = handlers.withLock { $0[delivery.type] ?? [] }
            await ServiceContext.$current.withValue(delivery.context) {
                for handler in handlers { await handler(delivery) }
            }
        } catch {
            logger.error("A broadcast could not be read", metadata: ["error": "\(error.summary)"])
        }
    }
}
