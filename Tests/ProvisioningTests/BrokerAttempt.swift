import CRabbitMQ

@testable import Messaging

/// Something that a broker user tries on a channel of its own.
struct BrokerAttempt: Sendable {
    var what: String
    var body: @Sendable (AMQPConnection, _ channel: UInt16) throws(BrokerError) -> Void

    init(_ what: String, _ body: @escaping @Sendable (AMQPConnection, _ channel: UInt16) throws(BrokerError) -> Void) {
        self.what = what
        self.body = body
    }

    /// The broker's answer to a publish comes unasked: the next question on the channel meets it.
    static func publish(to exchange: String, _ key: String) -> BrokerAttempt {
        BrokerAttempt("publish \(key) to \"\(exchange)\"") { (connection, channel) throws(BrokerError) in
            try connection.publish(OutgoingMessage(exchange: exchange, routingKey: key, body: [], messageID: "1"), channel: channel)
            try connection.selectConfirms(channel)
        }
    }

    static func bind(_ queue: String, to exchange: String, _ key: String) -> BrokerAttempt {
        BrokerAttempt("bind \(queue) to \(key) of \(exchange)") { (connection, channel) throws(BrokerError) in
            try connection.bind(queue, to: exchange, key: key, channel: channel)
        }
    }

    static func declareQueue(_ name: String) -> BrokerAttempt {
        BrokerAttempt("declare the queue \(name)") { (connection, channel) throws(BrokerError) in
            try connection.declareQueue(name, channel: channel)
        }
    }

    static func declareExchange(_ name: String) -> BrokerAttempt {
        BrokerAttempt("declare the exchange \(name)") { (connection, channel) throws(BrokerError) in
            try connection.declareExchange(name, type: "topic", channel: channel)
        }
    }

    static func consume(_ queue: String) -> BrokerAttempt {
        BrokerAttempt("consume \(queue)") { (connection, channel) throws(BrokerError) in
            try connection.consume(queue, acknowledges: true, channel: channel)
        }
    }

    static func get(_ queue: String) -> BrokerAttempt {
        BrokerAttempt("get from \(queue)") { (connection, channel) throws(BrokerError) in _ = try connection.get(queue, channel: channel) }
    }

    static func purge(_ queue: String) -> BrokerAttempt {
        BrokerAttempt("purge \(queue)") { (connection, channel) throws(BrokerError) in
            defer { connection.arena.reset() }
            _ = amqp_queue_purge(connection.state, channel, connection.arena.bytes(queue))
            try connection.checkLastReply()
        }
    }

    static func deleteQueue(_ queue: String) -> BrokerAttempt {
        BrokerAttempt("delete the queue \(queue)") { (connection, channel) throws(BrokerError) in
            defer { connection.arena.reset() }
            _ = amqp_queue_delete(connection.state, channel, connection.arena.bytes(queue), 0, 0)
            try connection.checkLastReply()
        }
    }

    static func deleteExchange(_ exchange: String) -> BrokerAttempt {
        BrokerAttempt("delete the exchange \(exchange)") { (connection, channel) throws(BrokerError) in
            defer { connection.arena.reset() }
            _ = amqp_exchange_delete(connection.state, channel, connection.arena.bytes(exchange), 0)
            try connection.checkLastReply()
        }
    }
}

extension Broker {
    /// The reply code with which the broker refuses; nil when it does not.
    func refusal(of attempt: BrokerAttempt, channel: UInt16) async throws -> Int? {
        do {
            try await consuming.perform { (connection) throws(BrokerError) in
                try connection.openChannel(channel)
                try attempt.body(connection, channel)
                try connection.closeChannel(channel)
            }
            return nil
        } catch BrokerError.refused(let code, _) {
            return code
        }
    }
}
