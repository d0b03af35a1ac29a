import Postgres
import ServiceKit

/// What goes first where much waits.
enum Priority: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case low, normal, high, urgent
}
