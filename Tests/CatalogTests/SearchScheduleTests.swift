import Foundation
import Testing

@testable import Catalog

@Suite("When a saved search runs")
struct SearchScheduleTests {
    private static func time(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var frequency: SearchFrequency
        var anchor: String
        var now: String
        var next: String?
        var zone: String? = "Europe/Berlin"
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "at once needs no clock", frequency: .immediate, anchor: "2026-03-01T08:30:00Z", now: "2026-03-02T00:00:00Z", next: nil),
        Case(
            name: "hourly, at the same minute", frequency: .hourly, anchor: "2026-03-01T08:30:00Z", now: "2026-03-02T10:31:00Z",
            next: "2026-03-02T11:30:00Z"),
        Case(
            name: "hourly, exactly then", frequency: .hourly, anchor: "2026-03-01T08:30:00Z", now: "2026-03-02T10:30:00Z",
            next: "2026-03-02T11:30:00Z"),
        Case(name: "daily in winter", frequency: .daily, anchor: "2026-03-01T06:30:00Z", now: "2026-03-27T07:00:00Z", next: "2026-03-28T06:30:00Z"),
        Case(
            name: "daily over the clock's step forward", frequency: .daily, anchor: "2026-03-01T06:30:00Z", now: "2026-03-28T07:00:00Z",
            next: "2026-03-29T05:30:00Z"),
        Case(
            name: "daily over the step back", frequency: .daily, anchor: "2026-07-01T05:30:00Z", now: "2026-10-24T06:00:00Z",
            next: "2026-10-25T06:30:00Z"),
        Case(
            name: "daily, at a time that the night leaves out", frequency: .daily, anchor: "2026-03-01T01:30:00Z", now: "2026-03-28T02:00:00Z",
            next: "2026-03-29T01:00:00Z"),
        Case(
            name: "and on the day after that at its own again", frequency: .daily, anchor: "2026-03-01T01:30:00Z", now: "2026-03-29T01:00:00Z",
            next: "2026-03-30T00:30:00Z"),
        Case(
            name: "daily, at a time that the night has twice: the first", frequency: .daily, anchor: "2026-07-01T00:30:00Z",
            now: "2026-10-24T12:00:00Z", next: "2026-10-25T00:30:00Z"),
        Case(
            name: "and not the second", frequency: .daily, anchor: "2026-07-01T00:30:00Z", now: "2026-10-25T00:30:00Z", next: "2026-10-26T01:30:00Z"),
        Case(
            name: "weekly, on its weekday", frequency: .weekly, anchor: "2026-03-04T08:00:00Z", now: "2026-03-27T12:00:00Z",
            next: "2026-04-01T07:00:00Z"),
        Case(
            name: "by another clock", frequency: .daily, anchor: "2026-03-01T14:00:00Z", now: "2026-03-08T00:00:00Z", next: "2026-03-08T13:00:00Z",
            zone: "America/New_York"),
        Case(
            name: "by no clock that is known: Berlin's", frequency: .daily, anchor: "2026-03-01T06:30:00Z", now: "2026-03-28T07:00:00Z",
            next: "2026-03-29T05:30:00Z", zone: "Mars/Olympus"),
    ]

    @Test("follows the person's wall clock", arguments: cases)
    func next(test: Case) throws {
        let next = SearchSchedule(zone: test.zone).next(test.frequency, after: try Self.time(test.now), anchor: try Self.time(test.anchor))
        #expect(try next == test.next.map(Self.time))
    }

    @Test("comes once on each of 800 days, later and later", arguments: ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
    func everyDay(zone: String) throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: zone))
        let anchor = try Self.time("2026-01-15T00:40:00Z")
        for minute in stride(from: 0, to: 24 * 60, by: 47) {
            let start = anchor.addingTimeInterval(Double(minute) * 60)
            var now = start
            var days: Set<DateComponents> = []
            for _ in 0..<800 {
                let next = try #require(SearchSchedule(zone: zone).next(.daily, after: now, anchor: start))
                #expect(next > now && next.timeIntervalSince(now) <= 25.1 * 3600)
                days.insert(calendar.dateComponents([.year, .month, .day], from: next))
                now = next
            }
            #expect(days.count == 800)
        }
    }
}
