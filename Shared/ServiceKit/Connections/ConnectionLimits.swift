import NIOCore

/// How long a client may take for its part of a conversation. A gateway in front has limits of its own; these hold for whoever reaches the port.
struct ConnectionLimits: Sendable {
    /// From the first byte of a request to the end of its header.
    var header: TimeAmount = .seconds(15)
    /// A body has this long before its pace counts.
    var bodyGrace: TimeAmount = .seconds(30)
    /// Bytes a second that a body then has to have brought since it began.
    var bodyPace = 2048
    /// How long a client may take nothing of an answer that waits for it.
    var stall: TimeAmount = .seconds(60)
    /// How long what is left of a body is read and thrown away once the answer has been given, so that the client gets to read the answer.
    var linger: TimeAmount = .seconds(5)
    /// Longer than nginx keeps an unused connection, so that it is never the server that closes one just as a request is sent.
    var idle: TimeAmount = .seconds(75)
    /// Bytes of one header field, and of all.
    var headerField = 16 * 1024
    var headerList = 64 * 1024
    var headerFields = 200

    /// When a body that has brought so many bytes is late, counted from its beginning.
    func deadline(after bytes: Int) -> TimeAmount {
        bodyGrace + .milliseconds(Int64(bytes) * 1000 / Int64(bodyPace))
    }
}
