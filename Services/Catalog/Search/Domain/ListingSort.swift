import Postgres
import ServiceKit

/// The order of what is found.
enum ListingSort: String, WireEnumeration, QueryValue {
    /// The newest first.
    case date
    /// How well the words fit, best first, among the newest that fit.
    case relevance
    /// The lowest rent first; what states none is left out.
    case price
    case priceDescending = "price_desc"
    /// The nearest first, among the nearest 10,000.
    case distance
}

enum FurnishingLevel: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case furnished, unfurnished
    case partiallyFurnished = "partially_furnished"
}
