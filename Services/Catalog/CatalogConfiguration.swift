import Foundation
import ServiceKit

/// Every setting of this service beyond the platform's.
struct CatalogConfiguration {
    /// `MATCH_THRESHOLD`: the relevance from which a match is told, 0 to 1.
    var matchThreshold: Decimal

    init(_ settings: Settings) throws {
        matchThreshold = Decimal(try settings.double("MATCH_THRESHOLD", default: 0.6))
    }
}
