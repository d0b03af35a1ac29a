import Postgres
import ServiceKit

/// How often a channel tells: at once, or all that came since in one digest.
enum Frequency: String, PostgresEnumeration, WireEnumeration {
    case immediate, hourly, daily, weekly
}
