import Postgres
import ServiceKit

/// Which of two mails that are due goes first.
enum EmailPriority: String, WireEnumeration, PostgresEnumeration, QueryValue {
    case low, normal, high, urgent
}
