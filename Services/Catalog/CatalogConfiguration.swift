import Foundation
import ServiceKit

/// Every setting of this service beyond the platform's.
struct CatalogConfiguration {
    /// The relevance from which a match is told, 0 to 1: `catalog.match_threshold` of the platform's configuration while it is active, else
    /// `MATCH_THRESHOLD`.
    let matchThreshold: LiveValue<Decimal>

    init(_ settings: Settings, _ configuration: Configuration) throws {
        matchThreshold = configuration.live(.matchThreshold, default: Decimal(try settings.double("MATCH_THRESHOLD", default: 0.6)))
    }
}

extension ConfigurationKey where Value == Decimal {
    static let matchThreshold = ConfigurationKey("catalog.match_threshold")
}
