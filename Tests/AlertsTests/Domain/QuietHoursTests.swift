import Foundation
import Testing

@testable import Alerts

/// Every property is held against a clock that is asked minute by minute.
@Suite("Quiet hours and digests on a person's own clock")
struct QuietHoursTests {
    private let clock = LocalClock("Europe/Berlin")
    /// The nights in which the clock of Berlin is set forward and back.
    private static let nights = ["2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z", "2026-06-10T12:00:00Z"].compactMap {
        try? Date($0, strategy: .iso8601)
    }

    private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    @Test("the end is the first minute that is not quiet, over midnight and both clock changes", arguments: nights)
    func firstFreeMinute(night: Date) {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let (from, until) = (Int.random(in: 0..<1440, using: &random), Int.random(in: 0..<1440, using: &random))
            guard from != until else { continue }
            let quiet = QuietHours(from: DayTime(minutes: from), until: DayTime(minutes: until))
            let now = night.addingTimeInterval(Double(Int.random(in: 0..<36 * 60, using: &random)) * 60 + 17)
            var expected: Date?
            if quiet.holds(at: now, on: clock) {
                var minute = clock.minute(of: now)
                while quiet.holds(at: minute, on: clock) { minute.addTimeInterval(60) }
                expected = minute
            }
            #expect(quiet.end(at: now, on: clock) == expected, "\(quiet.from.text)–\(quiet.until.text) at \(now)")
        }
    }

    @Test("a time that the clock leaves out is the end of the gap, and one that comes twice is its first coming")
    func changes() throws {
        let half = DayTime(minutes: 150)
        #expect(clock.instant(of: half, days: 1, after: try date("2026-03-28T12:00:00Z")) == (try date("2026-03-29T01:00:00Z")))
        #expect(clock.instant(of: half, days: 1, after: try date("2026-10-24T12:00:00Z")) == (try date("2026-10-25T00:30:00Z")))
        let quiet = QuietHours(from: DayTime(minutes: 22 * 60), until: half)
        #expect(quiet.end(at: try date("2026-03-29T00:30:00Z"), on: clock) == (try date("2026-03-29T01:00:00Z")))
        #expect(quiet.end(at: try date("2026-10-24T23:00:00Z"), on: clock) == (try date("2026-10-25T00:30:00Z")))
        // The hour that comes again is as quiet as it was.
        #expect(quiet.end(at: try date("2026-10-25T01:10:00Z"), on: clock) == (try date("2026-10-25T01:30:00Z")))
        // 22:00 to 07:00 is an hour shorter in spring and an hour longer in autumn.
        let night = QuietHours(from: DayTime(minutes: 22 * 60), until: DayTime(minutes: 7 * 60))
        #expect(night.end(at: try date("2026-03-28T21:00:00Z"), on: clock) == (try date("2026-03-29T05:00:00Z")))
        #expect(night.end(at: try date("2026-10-24T20:00:00Z"), on: clock) == (try date("2026-10-25T06:00:00Z")))
        #expect(night.end(at: try date("2026-10-25T06:00:00Z"), on: clock) == nil)
    }

    @Test("a daily digest goes out once on each day of the calendar, whatever the clock does", arguments: nights)
    func oncePerDay(night: Date) {
        for _ in 0..<100 {
            let schedule = DigestSchedule(frequency: .daily, time: DayTime(minutes: Int.random(in: 0..<1440)), weekday: 1)
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = TimeZone(identifier: "Europe/Berlin") ?? .gmt
            var time = night.addingTimeInterval(Double.random(in: -86_400...86_400))
            var days: [Date] = []
            for _ in 0..<6 {
                guard let next = schedule.next(after: time, on: clock) else { break }
                #expect(next > time)
                days.append(calendar.startOfDay(for: next))
                // What happens right at the time belongs to the next one.
                time = next
            }
            let following = zip(days, days.dropFirst()).allSatisfy { calendar.date(byAdding: .day, value: 1, to: $0) == $1 }
            #expect(days.count == 6 && following, "\(schedule.time.text): \(days)")
        }
    }

    @Test("hourly is at the full hour, weekly on its day at its time")
    func others() throws {
        let now = try date("2026-10-25T00:20:00Z")
        let hourly = DigestSchedule(frequency: .hourly, time: DayTime(minutes: 0), weekday: 1)
        #expect(hourly.next(after: now, on: clock) == (try date("2026-10-25T01:00:00Z")))
        #expect(hourly.next(after: try date("2026-10-25T01:00:00Z"), on: clock) == (try date("2026-10-25T02:00:00Z")))
        let weekly = DigestSchedule(frequency: .weekly, time: DayTime(minutes: 8 * 60), weekday: 7)
        #expect(weekly.next(after: now, on: clock) == (try date("2026-10-25T07:00:00Z")))
        #expect(weekly.next(after: try date("2026-10-25T07:00:00Z"), on: clock) == (try date("2026-11-01T07:00:00Z")))
        #expect(DigestSchedule(frequency: .immediate, time: DayTime(minutes: 0), weekday: 1).next(after: now, on: clock) == nil)
    }

    @Test("every zone has every time of every day of a year")
    func zones() {
        for name in ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu", "America/Santiago"] {
            let clock = LocalClock(name)
            for day in stride(from: 0.0, to: 366, by: 1) {
                let noon = Date(timeIntervalSince1970: 1_767_268_800 + day * 86_400)
                let time = DayTime(minutes: Int.random(in: 0..<1440))
                let instant = clock.instant(of: time, days: 0, after: noon)
                #expect(abs(instant.timeIntervalSince(noon)) < 40 * 3600)
                #expect(clock.time(at: instant).minutes >= time.minutes, "\(name) \(time.text) \(instant)")
            }
        }
    }
}
