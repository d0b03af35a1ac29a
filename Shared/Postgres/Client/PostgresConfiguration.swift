/// Where the database is and how the pool behaves.
public struct PostgresConfiguration: Sendable {
    /// A libpq URL.
    public var url: String
    /// Where LISTEN, advisory session locks and migrations go; the same as `url` unless a pooler stands between.
    public var directURL: String
    /// True behind a transaction-mode pooler: no named prepared statement, one unit in flight per connection.
    public var pooled: Bool
    public var maximumConnections: Int
    /// How long a caller waits for a connection before `PostgresError.poolTimeout`.
    public var acquireTimeout: Duration
    public var statementTimeout: Duration
    public var schema: String?
    public var applicationName: String

    public init(
        url: String, directURL: String? = nil, pooled: Bool = false, maximumConnections: Int = 8, acquireTimeout: Duration = .seconds(5),
        statementTimeout: Duration = .seconds(30), schema: String? = nil, applicationName: String = "hearth"
    ) {
        self.url = url
        self.directURL = directURL ?? url
        self.pooled = pooled
        self.maximumConnections = maximumConnections
        self.acquireTimeout = acquireTimeout
        self.statementTimeout = statementTimeout
        self.schema = schema
        self.applicationName = applicationName
    }
}
