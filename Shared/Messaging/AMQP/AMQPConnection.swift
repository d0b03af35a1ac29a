import CRabbitMQ
import Foundation

/// One connection of librabbitmq, which blocks and is not thread-safe: everything here is called on one thread only.
///
/// Any error leaves the connection unusable; its owner drops it and makes another.
final class AMQPConnection {
    let state: amqp_connection_state_t
    let arena = AMQPArena()
    /// Contents that are still arriving, by channel.
    var assembling: [UInt16: AMQPAssembly] = [:]

    /// The socket, to be polled.
    var descriptor: Int32 { amqp_get_sockfd(state) }

    /// Connects and signs in.
    init(_ url: BrokerURL, name: String, heartbeat: Duration) throws(BrokerError) {
        guard let state = amqp_new_connection() else { throw .disconnected("out of memory") }
        self.state = state
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        amqp_set_handshake_timeout(state, &timeout)
        amqp_set_rpc_timeout(state, &timeout)
        guard let socket = url.isSecure ? amqp_ssl_socket_new(state) : amqp_tcp_socket_new(state) else {
            throw .disconnected("no socket")
        }
        if url.isSecure {
            amqp_ssl_socket_set_verify_peer(socket, 1)
            amqp_ssl_socket_set_verify_hostname(socket, 1)
            try check(amqp_ssl_socket_set_cacert(socket, url.certificates))
        }
        var connectTimeout = timeval(tv_sec: 5, tv_usec: 0)
        try check(amqp_socket_open_noblock(socket, url.host, Int32(url.port), &connectTimeout))
        // A peer that vanished without a word fails a blocked write, too; heartbeats only cover reading.
        var patience = UInt32(20_000)
        setsockopt(amqp_get_sockfd(state), Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &patience, socklen_t(MemoryLayout<UInt32>.size))
        var properties = arena.table([
            ("connection_name", .text(name)),
            ("product", .text("Hearth")),
            (
                "capabilities",
                .table([
                    ("publisher_confirms", .flag(true)), ("basic.nack", .flag(true)), ("consumer_cancel_notify", .flag(true)),
                    ("connection.blocked", .flag(true)), ("authentication_failure_close", .flag(true)),
                ])
            ),
        ])
        defer { arena.reset() }
        try check(
            hearth_amqp_login(
                state, url.vhost, 0, 131_072, Int32(max(heartbeat.components.seconds, 1)), &properties, url.user, url.password))
    }

    deinit { amqp_destroy_connection(state) }

    /// Says goodbye; the broker requeues what was not acknowledged.
    func close() { _ = amqp_connection_close(state, AMQP_REPLY_SUCCESS) }

    /// Holds back (`true`) or sends (`false`) what is written, so that many small frames travel in few packets.
    func cork(_ isCorked: Bool) {
        var flag: Int32 = isCorked ? 1 : 0
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_CORK, &flag, socklen_t(MemoryLayout<Int32>.size))
    }

    // The library returns 0 or a negative status.
    func check(_ status: Int32) throws(BrokerError) {
        guard status < 0 else { return }
        throw .disconnected(String(cString: amqp_error_string2(status)))
    }

    func check(_ reply: amqp_rpc_reply_t) throws(BrokerError) {
        switch reply.reply_type {
        case AMQP_RESPONSE_NORMAL: return
        case AMQP_RESPONSE_SERVER_EXCEPTION: throw serverException(reply.reply)
        default: throw .disconnected(String(cString: amqp_error_string2(reply.library_error)))
        }
    }

    func checkLastReply() throws(BrokerError) { try check(amqp_get_rpc_reply(state)) }

    /// The error in a `connection.close` or `channel.close`.
    func serverException(_ method: amqp_method_t) -> BrokerError {
        guard let decoded = method.decoded else { return .disconnected("closed by the broker") }
        if method.id == AMQPMethod.channelClose {
            let close = decoded.assumingMemoryBound(to: amqp_channel_close_t.self).pointee
            return .refused(code: Int(close.reply_code), text: String(close.reply_text))
        }
        let close = decoded.assumingMemoryBound(to: amqp_connection_close_t.self).pointee
        if close.reply_code == 320 { return .disconnected(String(close.reply_text)) }
        return .refused(code: Int(close.reply_code), text: String(close.reply_text))
    }
}

/// The numbers of the methods that arrive unasked. (The header's macros contain casts, which Swift does not import.)
enum AMQPMethod {
    static let connectionClose: UInt32 = 0x000A_0032
    static let connectionBlocked: UInt32 = 0x000A_003C
    static let connectionUnblocked: UInt32 = 0x000A_003D
    static let channelClose: UInt32 = 0x0014_0028
    static let basicCancel: UInt32 = 0x003C_001E
    static let basicReturn: UInt32 = 0x003C_0032
    static let basicDeliver: UInt32 = 0x003C_003C
    static let basicAck: UInt32 = 0x003C_0050
    static let basicNack: UInt32 = 0x003C_0078
}

extension String {
    init(_ bytes: amqp_bytes_t) {
        self = String(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
    }
}
