import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

/// What one channel will not tell, another one does. Time is the test's own, and lies ahead, so that the running service leaves it alone.
@Suite struct FailoverTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let start = Date(timeIntervalSince1970: 1_830_000_000)  // 2027-12-28T13:20:00Z
    /// 08:00 of the next day in Berlin, when daily digests go out.
    private static let morning = start.addingTimeInterval(63_600)

    private func webhook(_ name: String) -> ChannelAddress { .webhook(url: "https://example.org/\(name)", secret: Self.secret) }

    private func states(_ stage: AlertStage) async throws -> [String] {
        try await stage.transaction { tx in
            try await tx.rows("SELECT concat_ws(' ', channel, status) AS state FROM notification_queue ORDER BY id").map { try $0["state"] }
        }
    }

    private func told(_ deliveries: [ClaimedDelivery]) -> [UUID?: [String]] {
        Dictionary(grouping: deliveries, by: \.channelID).mapValues { $0.flatMap { $0.content.items.map(\.title) } }
    }

    @Test func `What waits for a channel that is removed is told by the next one, digests too`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            let daily = try await stage.givenChannel(caller, webhook("daily"), frequency: .daily, isPrimary: true)
            let next = try await stage.givenChannel(caller, webhook("next"))
            for title in ["One", "Two", "Three"] { try await stage.tell(caller, title, at: Self.start) }
            try await stage.tell(caller, "Urgent", priority: .urgent, at: Self.start)
            let three = try #require(try await stage.inbox(caller).items.first { $0.title == "Three" })
            #expect(try await stage.service.delete("/v1/notifications/\(three.id)", as: caller).status == 204)
            #expect(try await stage.channels.remove(daily, as: caller, now: Self.start))
            #expect(try await states(stage).count { $0 == "webhook failed" } == 2)
            let (claimed, _) = try await stage.deliveries.claim(10, lease: .seconds(60), now: Self.start)
            #expect(told(claimed) == [next: ["Urgent", "One", "Two"]], "what was archived meanwhile is not told")
            for delivery in claimed { try await stage.deliveries.settle(delivery, .taken("200", isThere: true), now: Self.start) }
            #expect(try await stage.inbox(caller).items.allSatisfy { $0.deliveryStatus == "delivered" })
        }
    }

    @Test func `What a lost sender had of a channel that is gone by now is told by the next one when the lease is over`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            let gone = try await stage.givenChannel(caller, webhook("gone"), isPrimary: true)
            let next = try await stage.givenChannel(caller, webhook("next"))
            try await stage.tell(caller, "Home", at: Self.start)
            let lost = try #require(try await stage.deliveries.claim(10, lease: .seconds(60), now: Self.start).claimed.first)
            #expect(try await stage.service.delete("/v1/notification-channels/\(gone)", as: caller).status == 204)
            #expect(try await states(stage) == ["webhook sending"], "its sender may still say what came of it")
            #expect(try await stage.deliveries.claim(10, lease: .seconds(60), now: Self.start.addingTimeInterval(59)).seen == 0)
            let over = Self.start.addingTimeInterval(61)
            let (claimed, _) = try await stage.deliveries.claim(10, lease: .seconds(60), now: over)
            #expect(told(claimed) == [next: ["Home"]])
            #expect(try await states(stage) == ["webhook failed", "webhook sending"])
            try await stage.deliveries.settle(lost, .taken("200", isThere: true), now: over)
            #expect(try await states(stage) == ["webhook failed", "webhook sending"])
            #expect(try await stage.count("SELECT count(*) FROM delivery_attempts WHERE outcome = 'unknown'") == 1)
        }
    }

    @Test func `A mail that campaigns will not send is told by the next channel, and one that was sent after all counts`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.register(caller)
            let next = try await stage.givenChannel(caller, webhook("next"))
            try await stage.tell(caller, "Home", at: Self.start)
            #expect(try await stage.deliveries.claim(10, lease: .seconds(60), now: Self.start).claimed.isEmpty)
            let mail = try #require(try await stage.mails().first)
            for _ in 1...2 {
                let isOurs = try await stage.transaction { try await stage.deliveries.refused(mail.emailID, "bounced", now: Self.start, in: $0) }
                #expect(isOurs)
            }
            #expect(try await states(stage) == ["email failed", "webhook pending"])
            let (claimed, _) = try await stage.deliveries.claim(10, lease: .seconds(60), now: Self.start)
            #expect(told(claimed) == [next: ["Home"]])
            let receipts = try await stage.receipts(of: try #require(mail.reference), as: caller)
            #expect(receipts.map(\.errorMessage) == ["the mail was not sent: bounced", nil])
            #expect(receipts.map { $0.attempts.map(\.outcome) } == [["rejected"], ["started"]])
            _ = try await stage.transaction { try await stage.deliveries.mailed(mail.emailID, now: Self.start, in: $0) }
            #expect(try await states(stage) == ["email sent", "webhook sending"])
            #expect(try await stage.mails().count == 1)
        }
    }

    @Test func `Of a digest that fails, each thing is told by the next channel that takes its kind and has not told it`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            let daily = try await stage.givenChannel(caller, webhook("daily"), frequency: .daily, isPrimary: true)
            let homes = try await stage.givenChannel(caller, webhook("homes"), types: [.newListing])
            let reminders = try await stage.givenChannel(caller, webhook("reminders"), types: [.reminder])
            let queue = stage.deliveries
            try await stage.transaction {
                try await $0.execute("INSERT INTO notification_preferences (user_id, reach) VALUES (\(caller.userID), 'all')")
            }
            try await stage.tell(caller, "Told by both", at: Self.start)
            let (first, _) = try await queue.claim(10, lease: .seconds(60), now: Self.start)
            #expect(told(first) == [homes: ["Told by both"]])
            for delivery in first { try await queue.settle(delivery, .taken("200", isThere: true), now: Self.start) }
            try await stage.transaction { try await $0.execute("UPDATE notification_preferences SET reach = 'primary'") }
            try await stage.tell(caller, "Home", at: Self.start)
            try await stage.tell(caller, "Reminder", type: .reminder, at: Self.start)
            try await stage.tell(caller, "Contact", type: .contactFound, at: Self.start)
            let digest = try #require(try await queue.claim(10, lease: .seconds(60), now: Self.morning).claimed.first)
            #expect(told([digest]) == [daily: ["Told by both", "Home", "Reminder", "Contact"]])
            try await queue.settle(digest, .rejected("400", isGone: false), now: Self.morning)
            let (claimed, _) = try await queue.claim(10, lease: .seconds(60), now: Self.morning)
            #expect(told(claimed) == [homes: ["Home"], reminders: ["Reminder"]])
            #expect(claimed.allSatisfy { $0.content.count == 1 && $0.isDigest })
            // Nobody else takes contacts: that one has failed, and says so.
            #expect(try await stage.inbox(caller).items.first { $0.title == "Contact" }?.deliveryStatus == "failed")
        }
    }

    @Test func `A digest names fifty and counts the rest, by the next channel too`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            try await stage.givenChannel(caller, webhook("daily"), frequency: .daily, isPrimary: true)
            try await stage.givenChannel(caller, webhook("next"))
            for number in 1...57 { try await stage.tell(caller, "Home \(number)", at: Self.start) }
            for _ in 1...2 {
                let digest = try #require(try await stage.deliveries.claim(10, lease: .seconds(60), now: Self.morning).claimed.first)
                #expect(digest.content.items.map(\.title) == (1...50).map { "Home \($0)" } && digest.content.count == 57)
                #expect(digest.content.title == "57 neue Nachrichten von Hearth")
                #expect(digest.content.text(limit: 200).hasSuffix("weitere"))
                try await stage.deliveries.settle(digest, .rejected("400", isGone: false), now: Self.morning)
            }
            #expect(try await stage.count("SELECT count(*) FROM delivery_items") == 114)
            #expect(try await stage.count("SELECT count(*) FROM notifications WHERE delivery_status = 'failed'") == 57)
        }
    }
}
