import Foundation
import Logging
import Postgres
import ServiceLifecycle
import Synchronization
import Tracing

/// Request/reply with a deadline: asks on `hearth.requests`, hears the answers on an exclusive queue bound to `hearth.replies`, and
/// answers what others ask on `hearth.<service>.requests`.
public final class Requests: Service {
    private typealias Handler = @Sendable (Delivery) async throws -> Data

    private let broker: Broker
    private let service: String
    private let concurrency: Int
    private let logger: Logger
    private let handlers = Mutex<[String: Handler]>([:])
    private let pending = PendingRequests()
    /// Where answers come; nil while there is no queue for them.
    private let replyKey = Mutex<String?>(nil)

    /// - Parameter concurrency: so many requests at most are answered at once.
    public init(_ broker: Broker, service: String, concurrency: Int = 16, logger: Logger) {
        self.broker = broker
        self.service = service
        self.concurrency = concurrency
        self.logger = logger
    }

    /// Throws `RequestError`: no answer in time, no broker, or the other side's named error.
    public func ask<R: Request>(_ request: R, within deadline: Duration = .seconds(2)) async throws -> R.Response {
        guard let replyKey = replyKey.withLock({ $0 }), broker.isConnected else { throw RequestError.unavailable }
        let event = try CloudEvent(request, subject: nil)
        let id = event.id.uuidString.lowercased()
        let message = OutgoingMessage(
            exchange: Topology.requests, routingKey: R.name, body: Array(try event.json(source: service).utf8), messageID: id,
            persistent: false, mandatory: true, correlationID: id, replyTo: replyKey, expiration: deadline)
        let answer = try await answer(to: message, id: id, within: deadline)
        if let slug = answer.headers[MessageHeader.slug] {
            throw RequestError.refused(slug: slug, message: String(decoding: answer.body, as: UTF8.self))
        }
        return try JSONDecoder.hearth.decode(R.Response.self, from: Data(answer.body))
    }

    private func answer(to message: OutgoingMessage, id: String, within deadline: Duration) async throws -> AMQPMessage {
        let (pending, broker) = (pending, broker)
        let work = Mutex<[Task<Void, Never>]>([])
        defer { work.withLock { for task in $0 { task.cancel() } } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                pending.wait(id, continuation)
                if Task.isCancelled { pending.finish(id, .failure(CancellationError())) }
                let timer = Task {
                    try? await Task.sleep(for: deadline)
                    pending.finish(id, .failure(RequestError.deadlineExceeded))
                }
                let sender = Task {
                    do {
                        try await broker.publish(message)
                    } catch {
                        pending.finish(id, .failure(RequestError.unavailable))
                    }
                }
                work.withLock { $0 = [timer, sender] }
            }
        } onCancel: {
            pending.finish(id, .failure(CancellationError()))
        }
    }

    /// Answers a request. Call before `run()`. A thrown `RequestError.refused` reaches the asker by its slug; any other error as `internal`, without its
    /// text.
    public func answer<R: Request>(_ type: R.Type, _ handler: @escaping @Sendable (R, Delivery) async throws -> R.Response) {
        handlers.withLock { handlers in
            precondition(handlers[R.name] == nil, "\(R.name) has a handler already")
            handlers[R.name] = { delivery in try JSONEncoder.hearth.encode(try await handler(delivery.decode(R.self), delivery)) }
        }
    }

    /// Asks and answers until the task is cancelled or the service group shuts down; requests being answered are finished.
    public func run() async throws {
        let lanes = Lanes<IncomingMessage>(concurrency)
        var subscriptions = [replies()]
        if let subscription = questions(lanes) { subscriptions.append(subscription) }
        for subscription in subscriptions { broker.consuming.subscribe(subscription) }
        defer { for subscription in subscriptions { broker.consuming.unsubscribe(subscription) } }
        let asked = subscriptions.dropFirst()
        await withGracefulShutdownHandler {
            await lanes.run { messages in for message in messages { await self.receive(message) } }
        } onGracefulShutdown: {
            for subscription in asked { self.broker.consuming.unsubscribe(subscription) }
            lanes.finish()
        }
    }

    private func replies() -> Subscription {
        let (service, pending) = (service, pending)
        let key = Topology.replyKey(of: service, process: .v7())
        return Subscription(
            acknowledges: false,
            declare: { (connection, channel) throws(BrokerError) in
                let queue = Topology.replies(of: service, process: .v7())
                try connection.requireExchange(Topology.requests, channel: channel)
                try connection.declareQueue(queue, isExclusive: true, channel: channel)
                try connection.bind(queue, to: Topology.replies, key: key, channel: channel)
                return queue
            },
            deliver: { message in
                if let id = message.content.correlationID { pending.finish(id, .success(message.content)) }
            },
            onChange: { [weak self] queue in self?.replyKey.withLock { $0 = queue == nil ? nil : key } })
    }

    /// Requests nobody took for a while are dropped: whoever asked has given up long ago.
    private func questions(_ lanes: Lanes<IncomingMessage>) -> Subscription? {
        let keys = handlers.withLock { $0.keys.sorted() }
        guard !keys.isEmpty else { return nil }
        let queue = Topology.requests(of: service)
        return Subscription(
            prefetch: UInt16(clamping: concurrency * 4),
            declare: { (connection, channel) throws(BrokerError) in
                try connection.declareQueue(
                    queue, arguments: [("x-message-ttl", .integer(30_000)), ("x-max-length", .integer(10_000))], channel: channel)
                for key in keys { try connection.bind(queue, to: Topology.requests, key: key, channel: channel) }
                return queue
            },
            deliver: { lanes.add($0, key: $0.content.messageID) })
    }

    private func receive(_ message: IncomingMessage) async {
        guard message.isCurrent else { return }
        defer { message.acknowledge() }
        guard let replyTo = message.content.replyTo, let correlationID = message.content.correlationID else { return }
        var answer = OutgoingMessage(
            exchange: Topology.replies, routingKey: replyTo, body: [], messageID: UUID.v7().uuidString.lowercased(), persistent: false,
            correlationID: correlationID)
        answer.contentType = "application/json"
        do {
            let delivery = try Delivery(json: message.content.body, attempt: 1)
            guard let handler = handlers.withLock({ $0[delivery.type] }) else {
                throw RequestError.refused(slug: "unknown-request", message: "\(delivery.type) is not answered here.")
            }
            let data = try await withSpan("answer \(delivery.type)", context: delivery.context, ofKind: .server) { _ in
                try await handler(delivery)
            }
            answer.body = Array(data)
        } catch RequestError.refused(let slug, let text) {
            answer.headers[MessageHeader.slug] = slug
            answer.body = Array(text.utf8)
        } catch {
            logger.error("A request failed", metadata: ["request": "\(message.content.routingKey)", "error": "\(error.summary)"])
            answer.headers[MessageHeader.slug] = "internal"
            answer.body = Array("The request failed.".utf8)
        }
        do {
            try await broker.publish(answer)
        } catch {
            logger.warning("An answer could not be sent", metadata: ["request": "\(message.content.routingKey)", "error": "\(error)"])
        }
    }
}
