import Postgres

/// A visitor without a token: only rows that anyone may read.
public struct AnonymousCaller: RowSecurityContext {
    public init() {}

    public var settings: [(name: String, value: String)] {
        [("app.current_user_id", ""), ("app.current_agency_ids", ""), ("app.role", "anonymous")]
    }
}
