import Postgres
import ServiceKit

/// What a mail is for. Nobody can unsubscribe from what they caused themselves or what keeps their account safe.
enum EmailType: String, WireEnumeration, PostgresEnumeration, QueryValue {
    case transactional, notification, marketing, system

    var canBeUnsubscribed: Bool { self == .notification || self == .marketing }

    var priority: EmailPriority {
        switch self {
        case .transactional, .system: .high
        case .notification: .normal
        case .marketing: .low
        }
    }
}
