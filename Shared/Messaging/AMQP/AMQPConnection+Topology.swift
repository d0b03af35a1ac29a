import CRabbitMQ

extension AMQPConnection {
    func openChannel(_ channel: UInt16) throws(BrokerError) {
        _ = amqp_channel_open(state, channel)
        try checkLastReply()
    }

    func closeChannel(_ channel: UInt16) throws(BrokerError) {
        assembling[channel] = nil
        try check(amqp_channel_close(state, channel, AMQP_REPLY_SUCCESS))
    }

    /// Every publish on the channel is confirmed from now on.
    func selectConfirms(_ channel: UInt16) throws(BrokerError) {
        _ = amqp_confirm_select(state, channel)
        try checkLastReply()
    }

    func setPrefetch(_ count: UInt16, channel: UInt16) throws(BrokerError) {
        _ = amqp_basic_qos(state, channel, 0, count, 0)
        try checkLastReply()
    }

    /// Throws `refused(404, …)` when there is no such exchange.
    func requireExchange(_ name: String, channel: UInt16) throws(BrokerError) {
        defer { arena.reset() }
        _ = amqp_exchange_declare(state, channel, arena.bytes(name), arena.bytes("topic"), 1, 1, 0, 0, amqp_table_t())
        try checkLastReply()
    }

    func declareExchange(_ name: String, type: String, channel: UInt16) throws(BrokerError) {
        defer { arena.reset() }
        _ = amqp_exchange_declare(state, channel, arena.bytes(name), arena.bytes(type), 0, 1, 0, 0, amqp_table_t())
        try checkLastReply()
    }

    /// An exclusive queue lives as long as the connection.
    func declareQueue(
        _ name: String, isExclusive: Bool = false, arguments: [(String, AMQPField)] = [], channel: UInt16
    ) throws(BrokerError) {
        defer { arena.reset() }
        let flag: Int32 = isExclusive ? 1 : 0
        _ = amqp_queue_declare(state, channel, arena.bytes(name), 0, 1 - flag, flag, flag, arena.table(arguments))
        try checkLastReply()
    }

    func bind(_ queue: String, to exchange: String, key: String, channel: UInt16) throws(BrokerError) {
        defer { arena.reset() }
        _ = amqp_queue_bind(state, channel, arena.bytes(queue), arena.bytes(exchange), arena.bytes(key), amqp_table_t())
        try checkLastReply()
    }

    /// How many messages are ready in a queue. Throws `refused(404, …)` when there is no such queue.
    func messageCount(_ queue: String, channel: UInt16) throws(BrokerError) -> Int {
        defer { arena.reset() }
        let answer = amqp_queue_declare(state, channel, arena.bytes(queue), 1, 0, 0, 0, amqp_table_t())
        try checkLastReply()
        return answer.map { Int($0.pointee.message_count) } ?? 0
    }
}
