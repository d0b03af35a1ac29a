import Foundation

/// A person's clock, which is set forward and back once a year.
struct LocalClock: Sendable {
    private let calendar: Calendar

    /// An IANA name; that of Berlin when there is no such zone.
    init(_ timezone: String) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: timezone) ?? TimeZone(identifier: "Europe/Berlin") ?? .gmt
        self.calendar = calendar
    }

    /// What the clock shows.
    func time(at instant: Date) -> DayTime {
        let parts = calendar.dateComponents([.hour, .minute], from: instant)
        return DayTime(minutes: (parts.hour ?? 0) * 60 + (parts.minute ?? 0))
    }

    /// 1 is Monday.
    func weekday(at instant: Date) -> Int { (calendar.component(.weekday, from: instant) + 5) % 7 + 1 }

    /// The first instant of a day, so many days after that of an instant, at which the clock shows the time or more: where it is left out, because the clock
    /// is set forward, the end of the gap; where it comes twice, its first coming.
    func instant(of time: DayTime, days: Int, after day: Date) -> Date {
        let midnight = calendar.startOfDay(for: day)
        let start = calendar.startOfDay(
            for: calendar.date(byAdding: .day, value: days, to: midnight) ?? midnight.addingTimeInterval(Double(days) * 86_400))
        // The offset of a zone changes at most once a day, and by whole minutes: walking from change to change finds the first coming.
        var segment = start
        let end = calendar.startOfDay(for: start.addingTimeInterval(30 * 3600))
        while segment < end {
            let change = nextChange(after: segment).flatMap { $0 < end ? $0 : nil } ?? end
            let shown = self.time(at: segment).minutes
            if shown >= time.minutes { return segment }
            let candidate = segment.addingTimeInterval(Double(time.minutes - shown) * 60)
            if candidate < change { return candidate }
            segment = change
        }
        return end
    }

    /// The beginning of the minute.
    func minute(of instant: Date) -> Date {
        Date(timeIntervalSinceReferenceDate: (instant.timeIntervalSinceReferenceDate / 60).rounded(.down) * 60)
    }

    /// When the clock is next set forward or back.
    func nextChange(after instant: Date) -> Date? { calendar.timeZone.nextDaylightSavingTimeTransition(after: instant) }

    /// The next full hour.
    func nextHour(after instant: Date) -> Date {
        calendar.nextDate(after: instant, matching: DateComponents(minute: 0, second: 0), matchingPolicy: .nextTime)
            ?? instant.addingTimeInterval(3600)
    }
}
