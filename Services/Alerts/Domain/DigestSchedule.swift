import Foundation

/// When the next digest of a channel goes out, by the person's own clock.
struct DigestSchedule: Sendable {
    var frequency: Frequency
    var time: DayTime
    /// 1 is Monday.
    var weekday: Int

    /// Strictly later than the instant; nil for what is told at once.
    func next(after instant: Date, on clock: LocalClock) -> Date? {
        switch frequency {
        case .immediate: return nil
        case .hourly: return clock.nextHour(after: instant)
        case .daily: return (0...2).lazy.map { clock.instant(of: time, days: $0, after: instant) }.first { $0 > instant }
        case .weekly:
            return (0...8).lazy.map { clock.instant(of: time, days: $0, after: instant) }
                .first { $0 > instant && clock.weekday(at: $0) == weekday }
        }
    }
}
