import Foundation
import ServiceKit

/// Every setting of this service beyond the platform's.
struct CatalogConfiguration {
    /// The relevance from which a match is told, 0 to 1: `catalog.match_threshold` of the platform's configuration while it is active, else
    /// `MATCH_THRESHOLD`.
    let matchThreshold: LiveValue<Decimal>
    /// `catalog.listing_inactive_after_days` and `catalog.listing_archived_after_days`, else `LISTING_INACTIVE_AFTER_DAYS` and
    /// `LISTING_ARCHIVED_AFTER_DAYS`.
    let ageLimits: AgeLimits
    /// How often listings are looked at for their age.
    let ageingPause: Duration

    /// `SEARCH_RUN_PAUSE`: how often it is looked whether a saved search is due.
    let searchRunPause: Duration
    /// `AUTO_APPLY_DELAY` and `AUTO_APPLY_PER_DAY`.
    let applications: ApplicationLimits

    init(_ settings: Settings, _ configuration: Configuration) throws {
        matchThreshold = configuration.live(.matchThreshold, default: Decimal(try settings.double("MATCH_THRESHOLD", default: 0.6)))
        ageLimits = AgeLimits(
            inactiveAfterDays: configuration.live(.inactiveAfterDays, default: try settings.double("LISTING_INACTIVE_AFTER_DAYS", default: 14)),
            archivedAfterDays: configuration.live(.archivedAfterDays, default: try settings.double("LISTING_ARCHIVED_AFTER_DAYS", default: 90)))
        ageingPause = try settings.duration("LISTING_AGEING_PAUSE", default: .seconds(600))
        applications = ApplicationLimits(
            delay: try settings.duration("AUTO_APPLY_DELAY", default: .seconds(1800)), perDay: try settings.int("AUTO_APPLY_PER_DAY", default: 20))
        searchRunPause = try settings.duration("SEARCH_RUN_PAUSE", default: .seconds(5))
    }
}

extension ConfigurationKey where Value == Decimal {
    static let matchThreshold = ConfigurationKey("catalog.match_threshold")
}

extension ConfigurationKey where Value == Double {
    static let inactiveAfterDays = ConfigurationKey("catalog.listing_inactive_after_days")
    static let archivedAfterDays = ConfigurationKey("catalog.listing_archived_after_days")
}
