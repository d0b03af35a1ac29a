import Postgres
import ServiceKit

/// What a notification tells of.
enum NotificationType: String, PostgresEnumeration, WireEnumeration, QueryValue {
    /// A home that fits a search, or news of one that a person keeps.
    case newListing = "new_listing"
    case contactFound = "contact_found"
    case systemAlert = "system_alert"
    case reminder
}
