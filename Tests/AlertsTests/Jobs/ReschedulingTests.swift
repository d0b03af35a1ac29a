import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

/// What waits goes by what the person wants now.
@Suite struct ReschedulingTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private func prefer(_ stage: AlertStage, _ caller: Caller, _ preferences: JSONText) async throws {
        let set = try await stage.service.request(
            .PUT, "/v1/notification-preferences", body: Array(preferences.text.utf8), as: caller, headers: ["Content-Type": "application/json"])
        #expect(set.status == 200, "\(set)")
    }

    private func change(_ stage: AlertStage, _ caller: Caller, _ channel: UUID, to frequency: String) async throws {
        let changed = try await stage.service.patch("/v1/notification-channels/\(channel)", ["frequency": frequency], as: caller)
        #expect(changed.status == 200, "\(changed)")
    }

    private func move(_ stage: AlertStage, _ caller: Caller, to timezone: String) async throws {
        var user = UserSnapshot.sample(caller.userID, version: 2)
        user.timezone = timezone
        let moved = user
        try await stage.transaction { try await RecipientStore().take(moved, in: $0) }
    }

    /// What is shown and what is so.
    private func expectNext(_ stage: AlertStage, _ caller: Caller, _ expected: Date?, _ what: Comment) async throws {
        let held: Page<Delivery> = try await stage.service.get("/v1/notifications/deliveries?status=held", as: caller).json()
        #expect(held.items.map(\.nextAt) == [expected], what)
        #expect(try await stage.inbox(caller).items.allSatisfy { $0.scheduledFor == expected }, what)
    }

    @Test func `An open digest goes out by the frequency, the time and the zone that hold now, and that is what is shown`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            let channel = try await stage.givenChannel(
                caller, .webhook(url: "https://example.org/", secret: Self.secret), frequency: .weekly, isPrimary: true)
            // Half a day away from now, so that nothing is due while this runs.
            let (now, berlin) = (Date(), LocalClock("Europe/Berlin"))
            let time = DayTime(minutes: (berlin.time(at: now).minutes + 720) % 1440)
            let weekday = (berlin.weekday(at: now) + 2) % 7 + 1
            let later = DayTime(minutes: (time.minutes + 60) % 1440)
            func next(_ frequency: Frequency, _ time: DayTime, _ timezone: String = "Europe/Berlin") -> Date? {
                DigestSchedule(frequency: frequency, time: time, weekday: weekday).next(after: now, on: LocalClock(timezone))
            }
            try await prefer(stage, caller, #"{"digest_time": "\#(time.text)", "digest_weekday": \#(weekday)}"#)
            try await stage.tell(caller, "One", at: now)
            try await expectNext(stage, caller, next(.weekly, time), "the week's digest")
            try await change(stage, caller, channel, to: "daily")
            try await expectNext(stage, caller, next(.daily, time), "daily by now")
            try await stage.tell(caller, "Two", at: now)
            try await expectNext(stage, caller, next(.daily, time), "what joins it shows its time")
            try await prefer(stage, caller, #"{"digest_time": "\#(later.text)", "digest_weekday": \#(weekday)}"#)
            try await expectNext(stage, caller, next(.daily, later), "an hour later")
            try await move(stage, caller, to: "America/Sao_Paulo")
            try await expectNext(stage, caller, next(.daily, later, "America/Sao_Paulo"), "by another clock")
            try await change(stage, caller, channel, to: "weekly")
            try await expectNext(stage, caller, next(.weekly, later, "America/Sao_Paulo"), "once a week again")
            #expect(try await stage.count("SELECT count(*) FROM notification_queue") == 1)
        }
    }

    @Test func `What joins an open digest shows the digest's time`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            try await stage.givenChannel(caller, .webhook(url: "https://example.org/", secret: Self.secret), frequency: .daily, isPrimary: true)
            let start = Date(timeIntervalSince1970: 1_830_000_000)
            try await stage.tell(caller, "One", at: start)
            // It is held for longer than its time, as where the channel's limits are reached.
            let later = start.addingTimeInterval(100_000)
            try await stage.transaction {
                try await $0.execute("UPDATE notification_queue SET scheduled_at = \(later), hold_reason = 'rate_limit' WHERE is_open")
            }
            try await stage.tell(caller, "Two", at: start)
            #expect(try await stage.inbox(caller).items.first?.scheduledFor == later)
        }
    }

    @Test func `A digest of a channel that tells at once by now goes out at once, whole and once`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.register(caller)
            let channel = try #require(try await stage.channels(of: caller).first).id
            try await change(stage, caller, channel, to: "weekly")
            for title in ["One", "Two"] { try await stage.tell(caller, title) }
            #expect(try await stage.mails().isEmpty)
            try await change(stage, caller, channel, to: "immediate")
            try await eventually { try await stage.mails().count == 1 }
            #expect(try await stage.mails().first?.template == "notification_digest")
            #expect(try await stage.mails().first?.data["count"] == "2")
            try await stage.tell(caller, "Three")
            try await eventually { try await stage.mails().map(\.template) == ["notification_digest", "notice"] }
        }
    }

    /// Of this hour and those beside it, on Berlin's clock.
    private func quietNow() -> String {
        let minutes = LocalClock("Europe/Berlin").time(at: Date()).minutes
        let (from, until) = (DayTime(minutes: (minutes + 1320) % 1440), DayTime(minutes: (minutes + 120) % 1440))
        return #"{"from": "\#(from.text)", "until": "\#(until.text)"}"#
    }

    @Test(arguments: ["preferences", "time zone"])
    func `What is held for quiet hours that no longer hold goes out`(changed: String) async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.register(caller)
            try await prefer(stage, caller, #"{"quiet_hours": \#(quietNow())}"#)
            try await stage.tell(caller, "Home")
            #expect(try await stage.count("SELECT count(*) FROM notification_queue WHERE hold_reason = 'quiet_hours' AND scheduled_at > now()") == 1)
            // Looked at again, it is held where they still hold.
            try await prefer(stage, caller, #"{"quiet_hours": \#(quietNow()), "digest_time": "09:00"}"#)
            try await eventually {
                try await stage.count("SELECT count(*) FROM notification_queue WHERE hold_reason = 'quiet_hours' AND scheduled_at > now()") == 1
            }
            #expect(try await stage.mails().isEmpty)
            if changed == "preferences" {
                try await prefer(stage, caller, "{}")
            } else {
                try await move(stage, caller, to: "Pacific/Auckland")
            }
            try await eventually { try await stage.mails().count == 1 }
            #expect(try await stage.inbox(caller).items.allSatisfy { $0.scheduledFor == nil })
        }
    }

    @Test func `What is urgent waits too for whom it may not wake`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            try await stage.givenChannel(caller, .webhook(url: "https://example.org/", secret: Self.secret), isPrimary: true)
            try await prefer(stage, caller, #"{"quiet_hours": {"from": "14:00", "until": "07:00"}, "urgent_breaks_quiet": false}"#)
            // 14:20 in Berlin, on a day to come.
            let start = Date(timeIntervalSince1970: 1_830_000_000)
            let morning = start.addingTimeInterval(60_000)
            try await stage.tell(caller, "Urgent", priority: .urgent, at: start)
            #expect(try await stage.inbox(caller).items.map(\.scheduledFor) == [morning])
            // Neither when it is planned nor when it would be sent.
            try await stage.transaction {
                try await $0.execute("UPDATE notification_queue SET status = 'pending', hold_reason = NULL, scheduled_at = \(start)")
            }
            #expect(try await stage.deliveries.claim(10, lease: .seconds(60), now: start).claimed.isEmpty)
            #expect(try await stage.inbox(caller).items.map(\.scheduledFor) == [morning])
            #expect(try await stage.deliveries.claim(10, lease: .seconds(60), now: morning).claimed.map(\.content.title) == ["Urgent"])
        }
    }
}
