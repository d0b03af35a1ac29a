import ServiceKit

/// Every setting of this service beyond the platform's.
struct AnalyticsConfiguration {
    /// `EVENT_MONTHS_KEPT`: how many months of events are kept (24); older ones stay as tables of their own until an operator drops them.
    var eventMonths: Int
    /// `AUDIT_MONTHS_KEPT`: after how many months acts go to the archive (12).
    var auditMonths: Int
    /// `AUDIT_MONTHS_ARCHIVED`: after how many months they are let go (24).
    var archiveMonths: Int

    init(_ settings: Settings) throws {
        eventMonths = try settings.int("EVENT_MONTHS_KEPT", default: 24)
        auditMonths = try settings.int("AUDIT_MONTHS_KEPT", default: 12)
        archiveMonths = try settings.int("AUDIT_MONTHS_ARCHIVED", default: 24)
    }
}
