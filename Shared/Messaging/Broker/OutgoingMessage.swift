/// A message for the broker.
public struct OutgoingMessage: Sendable {
    public var exchange: String
    public var routingKey: String
    public var body: [UInt8]
    public var messageID: String
    public var headers: [String: String]
    /// Survives a restart of the broker, in a durable queue.
    public var persistent: Bool
    /// Comes back as `BrokerError.unroutable` when no queue is bound for it.
    public var mandatory: Bool
    public var correlationID: String?
    public var replyTo: String?
    /// How long it may wait in a queue.
    public var expiration: Duration?
    public var contentType = "application/cloudevents+json"

    public init(
        exchange: String, routingKey: String, body: [UInt8], messageID: String, headers: [String: String] = [:], persistent: Bool = true,
        mandatory: Bool = false, correlationID: String? = nil, replyTo: String? = nil, expiration: Duration? = nil
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.body = body
        self.messageID = messageID
        self.headers = headers
        self.persistent = persistent
        self.mandatory = mandatory
        self.correlationID = correlationID
        self.replyTo = replyTo
        self.expiration = expiration
    }
}
