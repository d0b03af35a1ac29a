/// What can go wrong between a process and the broker.
public enum BrokerError: Error, Sendable, Equatable {
    /// There is no connection, or it was lost: it is unknown whether what was in flight arrived.
    case disconnected(String)
    /// The broker refused an operation, with AMQP's reply code (403, 404, 406 …) and text.
    case refused(code: Int, text: String)
    /// No queue is bound for the message, which was sent as mandatory.
    case unroutable(routingKey: String)
    /// The broker answered that it did not take the message (a full queue).
    case rejected
    /// No confirmation came within the deadline: it is unknown whether the message arrived.
    case unconfirmed
    /// The URL is not `amqp://user:password@host:port/vhost`.
    case invalidURL
}
