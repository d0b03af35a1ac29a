/// A message as it came from the broker, on whichever way: delivered, fetched or returned.
struct AMQPMessage: Sendable {
    var exchange = ""
    var routingKey = ""
    var body: [UInt8] = []
    var messageID = ""
    /// Text, numbers and flags only; the broker's own nested headers (`x-death`) are left out.
    var headers: [String: String] = [:]
    var correlationID: String?
    var replyTo: String?
    var contentType = ""
    var isRedelivered = false
    var deliveryTag: UInt64 = 0
}

/// What the broker has told on a connection.
enum AMQPEvent {
    case delivered(channel: UInt16, AMQPMessage)
    case returned(AMQPMessage, text: String)
    case confirmed(tag: UInt64, multiple: Bool, taken: Bool)
    /// The broker is short of memory or disk and reads nothing more from publishers until it says otherwise.
    case blocked(Bool)
    /// The broker has ended a consumer: its queue was deleted or moved.
    case consumerCancelled(channel: UInt16)
    /// A frame that completes nothing yet.
    case partial
}
