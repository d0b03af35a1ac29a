import Postgres

/// Consumers and jobs: no user, all rows of the service's own schema (`app.role = service`).
public struct ServiceCaller: RowSecurityContext {
    public init() {}

    public var settings: [(name: String, value: String)] {
        [("app.current_user_id", ""), ("app.current_agency_ids", ""), ("app.role", "service")]
    }
}
