import Contracts

/// The names of the three roles that stand for one service in PostgreSQL. Roles belong to the whole server, not to one database.
public struct DatabaseRoles: Sendable {
    /// The schema, named after the service.
    public let schema: String
    /// Owns the schema and its tables; migrations run as it; nobody signs in as it.
    public let owner: String
    /// The service itself: owns nothing, so that row-level security applies to it.
    public let application: String
    /// May read everything that policies let it read; nobody signs in as it.
    public let reader: String

    public init(_ service: ServiceName) {
        schema = service.rawValue
        owner = "hearth_\(service.rawValue)_owner"
        application = "hearth_\(service.rawValue)"
        reader = "hearth_\(service.rawValue)_reader"
    }
}
