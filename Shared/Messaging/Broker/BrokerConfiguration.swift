/// Where the broker is and how the connection behaves.
public struct BrokerConfiguration: Sendable {
    /// `amqp://user:password@host:port/vhost`
    public var url: String
    /// `auth`, `catalog` …: the middle part of every name this service owns (`hearth.catalog.…`).
    public var service: String
    public var heartbeat: Duration
    /// How long a publish waits for its confirmation.
    public var confirmTimeout: Duration
    /// The longest pause between two attempts to reconnect.
    public var maximumBackoff: Duration

    public init(
        url: String, service: String, heartbeat: Duration = .seconds(10), confirmTimeout: Duration = .seconds(10),
        maximumBackoff: Duration = .seconds(2)
    ) {
        self.url = url
        self.service = service
        self.heartbeat = heartbeat
        self.confirmTimeout = confirmTimeout
        self.maximumBackoff = maximumBackoff
    }
}
