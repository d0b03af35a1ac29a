import CHiredis
import Glibc

/// The C library's context of one socket: the connecting and the reading of the protocol. It is freed, and the socket closed, with the last reference.
///
/// `@unchecked Sendable`: `connect` hands it over once, and from then on only the queue of its connection calls it; freeing needs no order,
/// because nobody holds it any more.
final class RedisContext: @unchecked Sendable {
    private let context: UnsafeMutablePointer<redisContext>
    let descriptor: Int32
    /// As large as the library's own step: its reader moves what is left after each kilobyte, so larger pieces cost more than they save.
    private let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 * 1024, alignment: 16)

    /// Blocks for at most `timeout` and the resolver's own; to be called where blocking is allowed.
    init(connectingTo endpoint: RedisAddress.Endpoint, timeout: Duration) throws(RedisError) {
        let (seconds, attoseconds) = timeout.components
        let limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        let opened =
            switch endpoint {
            case .tcp(let host, let port): redisConnectWithTimeout(host, port, limit)
            case .unix(let path): redisConnectUnixWithTimeout(path, limit)
            }
        guard let opened else { throw .unavailable }
        guard opened.pointee.err == 0 else {
            redisFree(opened)
            throw .unavailable
        }
        context = opened
        descriptor = opened.pointee.fd
        redisEnableKeepAlive(context)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    deinit {
        redisFree(context)
        piece.deallocate()
    }

    /// Reads what has arrived and gives every answer that is complete. Throws when the socket is closed or what came is not the protocol.
    func read(into replies: inout [Result<RedisValue, RedisError>]) throws(RedisError) {
        while true {
            let count = recv(descriptor, piece.baseAddress, piece.count, 0)
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EAGAIN || errno == EWOULDBLOCK { return }
                throw .unavailable
            }
            guard count > 0 else { throw .unavailable }
            redisReaderFeed(context.pointee.reader, piece.baseAddress, count)
            try parse(into: &replies)
            if count < piece.count { return }
        }
    }

    /// Sends as much as the socket takes now; 0 when it takes nothing.
    func write(_ bytes: UnsafeRawBufferPointer) -> Result<Int, RedisError> {
        while true {
            // Not the library's own write, which dies of SIGPIPE on a socket that the server has closed.
            let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return .success(count) }
            if errno == EINTR { continue }
            if errno == EAGAIN || errno == EWOULDBLOCK { return .success(0) }
            return .failure(.unavailable)
        }
    }

    private func parse(into replies: inout [Result<RedisValue, RedisError>]) throws(RedisError) {
        while true {
            var object: UnsafeMutableRawPointer?
            // After an error the reader stays in it: the connection is dropped and its reader with it.
            guard redisReaderGetReply(context.pointee.reader, &object) == REDIS_OK else {
                throw .unexpectedReply("the protocol: \(readerError)")
            }
            guard let object else { return }
            defer { freeReplyObject(object) }
            let reply = object.assumingMemoryBound(to: redisReply.self)
            if reply.pointee.type == REDIS_REPLY_ERROR {
                replies.append(.failure(.server(Self.text(reply.pointee))))
            } else {
                replies.append(.success(Self.value(reply.pointee)))
            }
        }
    }

    private var readerError: String {
        withUnsafePointer(to: &context.pointee.reader.pointee.errstr) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 128) { String(cString: $0) }
        }
    }

    private static func value(_ reply: redisReply) -> RedisValue {
        switch reply.type {
        case REDIS_REPLY_INTEGER: .integer(reply.integer)
        case REDIS_REPLY_STRING: .bytes(Array(UnsafeRawBufferPointer(start: reply.str, count: Int(reply.len))))
        case REDIS_REPLY_STATUS: .status(text(reply))
        case REDIS_REPLY_ERROR: .error(text(reply))
        case REDIS_REPLY_ARRAY:
            .array(UnsafeBufferPointer(start: reply.element, count: reply.elements).map { $0.map { value($0.pointee) } ?? .null })
        default: .null
        }
    }

    private static func text(_ reply: redisReply) -> String {
        String(decoding: UnsafeRawBufferPointer(start: reply.str, count: Int(reply.len)), as: UTF8.self)
    }
}
