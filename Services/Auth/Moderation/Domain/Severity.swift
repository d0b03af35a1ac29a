import Postgres
import ServiceKit

/// How grave it is. Also the risk level under which an action stands in the audit trail.
enum Severity: String, WireEnumeration, PostgresEnumeration, QueryValue {
    case low, medium, high, critical

    /// As the column `severity_rank` counts.
    var rank: Int {
        switch self {
        case .low: 1
        case .medium: 2
        case .high: 3
        case .critical: 4
        }
    }
}
