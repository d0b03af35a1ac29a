import Foundation
import ServiceKit

/// After how many days without a sighting a listing is inactive, and after how many it is archived.
struct AgeLimits: Sendable {
    let inactiveAfterDays: LiveValue<Double>
    let archivedAfterDays: LiveValue<Double>

    func inactive(at now: Date) -> Date { Self.day(inactiveAfterDays.current, before: now) }

    /// Never before it is inactive.
    func archived(at now: Date) -> Date { Self.day(max(archivedAfterDays.current, inactiveAfterDays.current), before: now) }

    /// A setting below an hour would empty the market between two readings of a page: it counts as an hour.
    private static func day(_ days: Double, before now: Date) -> Date { now.addingTimeInterval(-max(days, 1.0 / 24) * 86_400) }
}
