import CRabbitMQ
import Foundation

extension AMQPConnection {
    /// True when the next event can be had without reading from the socket.
    var hasBufferedInput: Bool { amqp_frames_enqueued(state) != 0 || amqp_data_in_buffer(state) != 0 }

    /// The next event, without waiting; nil when there is none. Also sends a heartbeat when one is due, and throws when the other
    /// side's are missing, so it must be called about once a second even on a silent connection.
    func nextEvent() throws(BrokerError) -> AMQPEvent? {
        var frame = amqp_frame_t()
        var now = timeval(tv_sec: 0, tv_usec: 0)
        let status = amqp_simple_wait_frame_noblock(state, &frame, &now)
        if status == AMQP_STATUS_TIMEOUT.rawValue { return nil }
        try check(status)
        switch Int32(frame.frame_type) {
        case AMQP_FRAME_METHOD: return try method(frame.payload.method, channel: frame.channel)
        case AMQP_FRAME_HEADER: return header(frame)
        case AMQP_FRAME_BODY: return body(frame)
        default: return .partial
        }
    }

    /// Gives memory of handled frames back.
    func releaseBuffers() { amqp_maybe_release_buffers(state) }

    private func method(_ method: amqp_method_t, channel: UInt16) throws(BrokerError) -> AMQPEvent {
        switch method.id {
        case AMQPMethod.connectionClose, AMQPMethod.channelClose: throw serverException(method)
        case AMQPMethod.connectionBlocked: return .blocked(true)
        case AMQPMethod.connectionUnblocked: return .blocked(false)
        case AMQPMethod.basicCancel: return .consumerCancelled(channel: channel)
        default: break
        }
        guard let decoded = method.decoded else { return .partial }
        switch method.id {
        case AMQPMethod.basicAck:
            let ack = decoded.assumingMemoryBound(to: amqp_basic_ack_t.self).pointee
            return .confirmed(tag: ack.delivery_tag, multiple: ack.multiple != 0, taken: true)
        case AMQPMethod.basicNack:
            let nack = decoded.assumingMemoryBound(to: amqp_basic_nack_t.self).pointee
            return .confirmed(tag: nack.delivery_tag, multiple: nack.multiple != 0, taken: false)
        case AMQPMethod.basicDeliver:
            let deliver = decoded.assumingMemoryBound(to: amqp_basic_deliver_t.self).pointee
            var message = AMQPMessage(exchange: String(deliver.exchange), routingKey: String(deliver.routing_key))
            message.isRedelivered = deliver.redelivered != 0
            message.deliveryTag = deliver.delivery_tag
            assembling[channel] = AMQPAssembly(kind: .delivery, message: message)
        case AMQPMethod.basicReturn:
            let back = decoded.assumingMemoryBound(to: amqp_basic_return_t.self).pointee
            let message = AMQPMessage(exchange: String(back.exchange), routingKey: String(back.routing_key))
            assembling[channel] = AMQPAssembly(kind: .returned(text: String(back.reply_text)), message: message)
        default: break
        }
        return .partial
    }

    private func header(_ frame: amqp_frame_t) -> AMQPEvent {
        guard assembling[frame.channel] != nil, let decoded = frame.payload.properties.decoded else { return .partial }
        let size = frame.payload.properties.body_size
        assembling[frame.channel]?.message.read(decoded.assumingMemoryBound(to: amqp_basic_properties_t.self).pointee)
        assembling[frame.channel]?.message.body.reserveCapacity(Int(size))
        assembling[frame.channel]?.bytesMissing = size
        return complete(frame.channel)
    }

    private func body(_ frame: amqp_frame_t) -> AMQPEvent {
        let fragment = frame.payload.body_fragment
        guard let missing = assembling[frame.channel]?.bytesMissing else { return .partial }
        assembling[frame.channel]?.message.body.append(contentsOf: UnsafeRawBufferPointer(start: fragment.bytes, count: fragment.len))
        assembling[frame.channel]?.bytesMissing = missing - min(missing, UInt64(fragment.len))
        return complete(frame.channel)
    }

    private func complete(_ channel: UInt16) -> AMQPEvent {
        guard let assembly = assembling[channel], assembly.bytesMissing == 0 else { return .partial }
        assembling[channel] = nil
        return switch assembly.kind {
        case .delivery: .delivered(channel: channel, assembly.message)
        case .returned(let text): .returned(assembly.message, text: text)
        }
    }
}
