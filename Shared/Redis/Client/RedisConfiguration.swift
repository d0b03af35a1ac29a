/// Where Redis is, and the client's limits.
public struct RedisConfiguration: Sendable {
    /// `redis://[[user]:password@]host[:port][/database]` or `unix://[[user]:password@]/path[?db=database]`; parts are percent-decoded.
    public var url: String
    /// Few are enough: commands of concurrent tasks share a connection.
    public var connections: Int
    /// How long an answer may take. A connection that keeps a command waiting longer is dropped.
    public var commandTimeout: Duration
    /// How long a connection may take to stand.
    public var connectTimeout: Duration = .seconds(2)
    /// Commands that may wait for an answer on one connection; further ones are refused with `RedisError.overloaded`.
    public var waitingLimit = 10_000

    public init(url: String, connections: Int = 2, commandTimeout: Duration = .milliseconds(500)) {
        self.url = url
        self.connections = connections
        self.commandTimeout = commandTimeout
    }
}
