import CRabbitMQ

extension AMQPConnection {
    /// Writes a message. Its confirmation comes later, as an event.
    func publish(_ message: OutgoingMessage, channel: UInt16) throws(BrokerError) {
        defer { arena.reset() }
        var properties = amqp_basic_properties_t()
        var flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG
        properties.content_type = arena.bytes(message.contentType)
        properties.delivery_mode = message.persistent ? 2 : 1
        properties.message_id = arena.bytes(message.messageID)
        if !message.headers.isEmpty {
            flags |= AMQP_BASIC_HEADERS_FLAG
            properties.headers = arena.table(message.headers.map { ($0.key, .text($0.value)) })
        }
        if let correlationID = message.correlationID {
            flags |= AMQP_BASIC_CORRELATION_ID_FLAG
            properties.correlation_id = arena.bytes(correlationID)
        }
        if let replyTo = message.replyTo {
            flags |= AMQP_BASIC_REPLY_TO_FLAG
            properties.reply_to = arena.bytes(replyTo)
        }
        if let expiration = message.expiration {
            flags |= AMQP_BASIC_EXPIRATION_FLAG
            properties.expiration = arena.bytes(String(expiration.milliseconds))
        }
        properties._flags = amqp_flags_t(flags)
        let (exchange, key) = (arena.bytes(message.exchange), arena.bytes(message.routingKey))
        let status = message.body.withUnsafeBytes { body in
            // The library only reads the body.
            let bytes = amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
            return amqp_basic_publish(state, channel, exchange, key, message.mandatory ? 1 : 0, 0, &properties, bytes)
        }
        try check(status)
    }

    /// Begins to consume; messages arrive as events.
    func consume(_ queue: String, acknowledges: Bool, channel: UInt16) throws(BrokerError) {
        defer { arena.reset() }
        _ = amqp_basic_consume(
            state, channel, arena.bytes(queue), arena.bytes("hearth"), 0, acknowledges ? 0 : 1, 0, amqp_table_t())
        try checkLastReply()
    }

    /// Ends the consumer of a channel; what was delivered may still be acknowledged.
    func cancelConsumer(channel: UInt16) throws(BrokerError) {
        defer { arena.reset() }
        _ = amqp_basic_cancel(state, channel, arena.bytes("hearth"))
        try checkLastReply()
    }

    func acknowledge(_ tag: UInt64, multiple: Bool, channel: UInt16) throws(BrokerError) {
        try check(amqp_basic_ack(state, channel, tag, multiple ? 1 : 0))
    }

    /// Gives messages back to their queue.
    func requeue(_ tag: UInt64, multiple: Bool, channel: UInt16) throws(BrokerError) {
        try check(amqp_basic_nack(state, channel, tag, multiple ? 1 : 0, 1))
    }

    /// Takes one message, unacknowledged; nil when the queue is empty. Not to be mixed with `consume` on one connection.
    func get(_ queue: String, channel: UInt16) throws(BrokerError) -> AMQPMessage? {
        defer { arena.reset() }
        amqp_maybe_release_buffers(state)
        let reply = amqp_basic_get(state, channel, arena.bytes(queue), 0)
        try check(reply)
        guard let decoded = reply.reply.decoded, reply.reply.id == 0x003C_0047 else { return nil }
        let answer = decoded.assumingMemoryBound(to: amqp_basic_get_ok_t.self).pointee
        var message = AMQPMessage(exchange: String(answer.exchange), routingKey: String(answer.routing_key))
        message.isRedelivered = answer.redelivered != 0
        message.deliveryTag = answer.delivery_tag
        var content = amqp_message_t()
        try check(amqp_read_message(state, channel, &content, 0))
        defer { amqp_destroy_message(&content) }
        message.read(content.properties)
        message.body = Array(UnsafeRawBufferPointer(start: content.body.bytes, count: content.body.len))
        return message
    }
}

extension AMQPMessage {
    mutating func read(_ properties: amqp_basic_properties_t) {
        func has(_ flag: Int32) -> Bool { properties._flags & amqp_flags_t(flag) != 0 }
        if has(AMQP_BASIC_MESSAGE_ID_FLAG) { messageID = String(properties.message_id) }
        if has(AMQP_BASIC_CONTENT_TYPE_FLAG) { contentType = String(properties.content_type) }
        if has(AMQP_BASIC_CORRELATION_ID_FLAG) { correlationID = String(properties.correlation_id) }
        if has(AMQP_BASIC_REPLY_TO_FLAG) { replyTo = String(properties.reply_to) }
        guard has(AMQP_BASIC_HEADERS_FLAG) else { return }
        for index in 0..<Int(properties.headers.num_entries) {
            let entry = properties.headers.entries[index]
            headers[String(entry.key)] = entry.value.text
        }
    }
}

extension amqp_field_value_t {
    /// As text; nil for what has no short text form.
    fileprivate var text: String? {
        switch Int32(kind) {
        case 0x53, 0x78: String(value.bytes)  // 'S' string, 'x' bytes
        case 0x49: String(value.i32)  // 'I'
        case 0x6C: String(value.i64)  // 'l'
        case 0x74: value.boolean != 0 ? "true" : "false"  // 't'
        default: nil
        }
    }
}
