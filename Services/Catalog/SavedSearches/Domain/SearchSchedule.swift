import Foundation

/// When a saved search runs next: at the hour and minute of its making, by its owner's wall clock, which summer time moves against the sun.
struct SearchSchedule: Sendable {
    static let standardZone = "Europe/Berlin"

    private let calendar: Calendar

    /// An unknown zone is the standard one.
    init(zone: String?) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone.flatMap(TimeZone.init(identifier:)) ?? TimeZone(identifier: Self.standardZone) ?? .gmt
        self.calendar = calendar
    }

    /// The first time after `now`; nil for what is told at once. A wall-clock time that a spring night leaves out is replaced by the next there is, and of one
    /// that an autumn night has twice the first counts.
    func next(_ frequency: SearchFrequency, after now: Date, anchor: Date) -> Date? {
        let wall = calendar.dateComponents([.weekday, .hour, .minute], from: anchor)
        switch frequency {
        case .immediate: return nil
        case .hourly:
            let hours = (now.timeIntervalSince(anchor) / 3600).rounded(.down) + 1
            return anchor.addingTimeInterval(max(hours, 1) * 3600)
        case .daily: return first(DateComponents(hour: wall.hour, minute: wall.minute), after: now)
        case .weekly: return first(DateComponents(hour: wall.hour, minute: wall.minute, weekday: wall.weekday), after: now)
        }
    }

    private func first(_ wall: DateComponents, after now: Date) -> Date? {
        var place = now
        // The second of two equal wall-clock times is skipped.
        for _ in 0..<3 {
            guard let next = calendar.nextDate(after: place, matching: wall, matchingPolicy: .nextTime, repeatedTimePolicy: .first) else {
                return nil
            }
            let before = next.addingTimeInterval(-3600)
            let isRepeated =
                calendar.timeZone.secondsFromGMT(for: before) > calendar.timeZone.secondsFromGMT(for: next)
                && calendar.dateComponents([.hour, .minute, .day], from: before) == calendar.dateComponents([.hour, .minute, .day], from: next)
            if !isRepeated { return next }
            place = next
        }
        return nil
    }
}
