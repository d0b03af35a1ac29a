import Foundation

/// When a person wants to be left alone, by their own clock; over midnight where the end is earlier than the start.
struct QuietHours: Codable, Sendable, Hashable {
    var from: DayTime
    var until: DayTime

    /// When the quiet that holds at this instant ends; nil when none does.
    func end(at instant: Date, on clock: LocalClock) -> Date? {
        guard holds(at: instant, on: clock) else { return nil }
        let wait = (until.minutes - clock.time(at: instant).minutes + 1440) % 1440
        let end = clock.minute(of: instant).addingTimeInterval(Double(wait) * 60)
        // The clock is set forward or back before: what it shows then decides.
        if let change = clock.nextChange(after: instant), change <= end { return self.end(at: change, on: clock) ?? change }
        return end
    }

    func holds(at instant: Date, on clock: LocalClock) -> Bool {
        let now = clock.time(at: instant).minutes
        return from.minutes < until.minutes
            ? (from.minutes..<until.minutes).contains(now) : now >= from.minutes || now < until.minutes
    }
}
