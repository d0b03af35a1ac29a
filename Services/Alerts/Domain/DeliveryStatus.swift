import Postgres
import ServiceKit

/// Where a delivery is on its way.
enum DeliveryStatus: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case pending, held, sending
    /// Campaigns has the mail, and says what becomes of it.
    case handedOver = "handed_over"
    /// The other side has taken it on.
    case sent
    /// It is where it can be read.
    case delivered
    case failed, expired, cancelled
}
