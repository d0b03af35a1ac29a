import Postgres
import ServiceKit

/// What a notification tells of.
enum NotificationType: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case newListing = "new_listing"
    case contactFound = "contact_found"
    case systemAlert = "system_alert"
    case reminder
}
