import Postgres
import ServiceKit

/// Why a delivery waits.
enum HoldReason: String, PostgresEnumeration, WireEnumeration {
    case digest
    case quietHours = "quiet_hours"
    case rateLimit = "rate_limit"
    case retry
}
