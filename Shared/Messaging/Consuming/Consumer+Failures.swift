import Foundation
import Logging
import Postgres

extension Consumer {
    /// A handler threw, or there is none: the message waits in a retry queue, or is parked after its last attempt.
    func fail(_ message: IncomingMessage, _ delivery: Delivery, _ error: any Error) async {
        metrics.failed.increment()
        if error is Unprocessable { return await park(message, "unprocessable", error: error) }
        guard let delay = retry.delay(after: delivery.attempt) else {
            return await park(message, error is UnknownMessage ? "unknown type" : "retries exhausted", error: error)
        }
        logger.warning(
            "A message failed and is tried again",
            metadata: [
                "type": "\(delivery.type)", "message_id": "\(delivery.id)", "attempt": "\(delivery.attempt)", "delay": "\(delay)",
                "error": "\(error.summary)",
            ])
        var headers = failureHeaders(message, error)
        headers[MessageHeader.attempts] = String(delivery.attempt)
        if await move(message, to: Topology.retry(of: service, after: delay), headers) { metrics.retried.increment() }
    }

    /// The message goes to the dead letters with the reason.
    func park(_ message: IncomingMessage, _ reason: String, error: any Error) async {
        logger.error(
            "A message is parked",
            metadata: [
                "message_id": "\(message.content.messageID)", "reason": "\(reason)", "error": "\(error.summary)",
            ])
        var headers = failureHeaders(message, error)
        headers[MessageHeader.attempts] = String(message.content.attempts + 1)
        headers[MessageHeader.reason] = reason
        headers[MessageHeader.parkedAt] = Self.now
        if await move(message, to: Topology.deadKey, headers) { metrics.parked.increment() }
    }

    private func failureHeaders(_ message: IncomingMessage, _ error: any Error) -> [String: String] {
        var headers: [String: String] = [:]
        headers[MessageHeader.subject] = message.content.headers[MessageHeader.subject]
        headers[MessageHeader.firstFailure] = message.content.headers[MessageHeader.firstFailure] ?? Self.now
        headers[MessageHeader.error] = error.summary
        return headers
    }

    /// Publishes the message elsewhere and acknowledges it once that is confirmed: it is in both places for a moment, never in none. False when
    /// its connection is lost meanwhile, which gives it back.
    private func move(_ message: IncomingMessage, to key: String, _ headers: [String: String]) async -> Bool {
        let copy = OutgoingMessage(
            exchange: Topology.delivery(of: service), routingKey: key, body: message.content.body, messageID: message.content.messageID,
            headers: headers, mandatory: true)
        while message.isCurrent {
            do {
                try await broker.publish(copy)
                message.acknowledge()
                return true
            } catch {
                if isStopping { return false }
                logger.warning("A failed message could not be moved", metadata: ["key": "\(key)", "error": "\(error)"])
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
        return false
    }

    static var now: String { Date().formatted(.iso8601) }
}

extension AMQPMessage {
    /// How often the message has been tried before this delivery.
    var attempts: Int { headers[MessageHeader.attempts].flatMap { Int($0) } ?? 0 }
}

extension PostgresError {
    /// The database is away or overloaded: the same statement may work later, whatever it says.
    var isOutage: Bool {
        switch kind {
        case .connection, .poolTimeout, .closed: return true
        case .decoding, .invalidValue: return false
        case .server:
            // Connection exceptions, insufficient resources, shutdown and recovery; a standby that does not take writes.
            guard let state = sqlState?.rawValue else { return false }
            return state.hasPrefix("08") || state.hasPrefix("53") || state.hasPrefix("57P") || state == "25006"
        }
    }
}

extension Error {
    /// For logs and dead letters: bounded, and without the values that Postgres puts into an error's detail.
    var summary: String {
        let text =
            switch self {
            case let error as Unprocessable: error.reason
            case let error as UnknownMessage: error.description
            case let error as PostgresError:
                [error.sqlState?.rawValue, error.message, error.constraint.map { "(\($0))" }].compactMap { $0 }.joined(separator: " ")
            default: "\(Self.self): \(self)"
            }
        return String(text.prefix(500))
    }
}
