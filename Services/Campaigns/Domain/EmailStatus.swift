import Postgres
import ServiceKit

/// Where a mail is on its way.
enum EmailStatus: String, WireEnumeration, PostgresEnumeration, QueryValue {
    case queued
    /// A copy holds its lease; the server may or may not have it already.
    case sending
    case sent, delivered, opened, clicked, failed, bounced
    /// Sent, and its receiver then used its List-Unsubscribe.
    case unsubscribed
    /// Never sent: its receiver wants no mail of its category, or is gone.
    case suppressed
}
