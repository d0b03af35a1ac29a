import Postgres
import ServiceKit

/// Which part of Hearth a notification belongs to.
enum NotificationCategory: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case searchResults = "search_results"
    case system, billing, account
}
