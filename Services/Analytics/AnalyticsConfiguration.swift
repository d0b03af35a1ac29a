import ServiceKit

/// Every setting of this service beyond the platform's.
struct AnalyticsConfiguration {
    /// `LOG_MONTHS_KEPT`: how many months of events and audit rows stay attached.
    var monthsKept: Int

    init(_ settings: Settings) throws {
        monthsKept = try settings.int("LOG_MONTHS_KEPT", default: 24)
    }
}
