import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

/// What becomes of a delivery. Time is the test's own, and lies ahead, so that the running service leaves it alone.
@Suite struct DeliveryTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let start = Date(timeIntervalSince1970: 1_830_000_000)  // 2027-12-28T13:20:00Z

    private func webhook(_ name: String) -> ChannelAddress { .webhook(url: "https://example.org/\(name)", secret: Self.secret) }

    private func after(_ seconds: Double) -> Date { Self.start.addingTimeInterval(seconds) }

    private func states(_ stage: AlertStage, _ caller: Caller) async throws -> [String] {
        try await stage.transaction { tx in
            try await tx.rows(
                "SELECT concat_ws(' ', channel, status, hold_reason) AS state FROM notification_queue WHERE user_id = \(caller.userID) ORDER BY id"
            ).map { try $0["state"] }
        }
    }

    @Test func `What fails for good goes to the next channel and no further, what fails for now is tried again with growing patience`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            try await stage.givenChannel(caller, webhook("first"), isPrimary: true)
            try await stage.givenChannel(caller, .discord(channelID: "123456789012345678", botToken: "x"))
            try await stage.tell(caller, "Home", at: Self.start)
            let queue = stage.deliveries
            var now = Self.start
            var waits: [Double] = []
            for attempt in 1...4 {
                let (claimed, _) = try await queue.claim(10, lease: .seconds(60), now: now)
                #expect(claimed.map(\.attempt) == [attempt])
                guard let delivery = claimed.first else { return }
                try await queue.settle(delivery, .deferred("503", after: attempt == 1 ? 200 : nil), now: now)
                guard attempt < 4 else { continue }
                #expect(try await states(stage, caller) == ["webhook held retry"])
                let next: Date = try #require(try await stage.transaction { try await $0.value("SELECT scheduled_at FROM notification_queue") })
                waits.append(next.timeIntervalSince(now))
                #expect(try await queue.claim(10, lease: .seconds(60), now: next.addingTimeInterval(-1)).seen == 0)
                now = next
            }
            #expect(waits[0] >= 200 && waits[2] > waits[1] && waits[2] <= 3600, "\(waits)")
            #expect(try await states(stage, caller) == ["webhook failed", "discord pending"])
            let (second, _) = try await queue.claim(10, lease: .seconds(60), now: now)
            #expect(second.map(\.channel) == [.discord])
            guard let delivery = second.first else { return }
            try await queue.settle(delivery, .rejected("403 missing access", isGone: true), now: now)
            // Whoever has the channel hears that it was switched off, where they hear anything.
            #expect(try await states(stage, caller) == ["webhook failed", "discord failed", "webhook pending"])
            let inbox = try await stage.inbox(caller).items
            #expect(inbox.map(\.type) == [.systemAlert, .newListing] && inbox.first?.title == "„given“ wurde abgeschaltet")
            let notification = try #require(inbox.last)
            #expect(notification.deliveryStatus == "failed" && notification.deliveryAttempts == 5 && notification.maxDeliveryAttempts == 8)
            #expect(
                try await stage.count(
                    "SELECT count(*) FROM notification_channels WHERE NOT is_active AND disabled_reason = '403 missing access'") == 1)
            #expect(
                try await stage.count("SELECT count(*) FROM delivery_attempts WHERE outcome IN ('deferred', 'rejected') AND reason IS NOT NULL") == 5)
        }
    }

    @Test func `A channel takes what its limits allow, and the rest when there is room again`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            try await stage.givenChannel(caller, webhook("first"), perHour: 2, perDay: 3, isPrimary: true)
            for number in 1...5 { try await stage.tell(caller, "Home \(number)", at: Self.start) }
            let queue = stage.deliveries
            // Two copies at once do not count the same room twice.
            func copies(at now: Date) async throws -> Int {
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 1...4 {
                        group.addTask {
                            let (claimed, _) = try await queue.claim(1, lease: .seconds(60), now: now)
                            for delivery in claimed { try await queue.settle(delivery, .taken("200", isThere: true), now: now) }
                            return claimed.count
                        }
                    }
                    return try await group.reduce(0, +)
                }
            }
            var sent = 0
            for _ in 1...10 { sent += try await copies(at: Self.start) }
            #expect(sent == 2)
            #expect(try await states(stage, caller).count { $0 == "webhook held rate_limit" } == 3)
            let held: Page<Delivery> = try await stage.service.get("/v1/notifications/deliveries?status=held", as: caller).json()
            #expect(held.items.count == 3 && held.items.allSatisfy { $0.holdReason == .rateLimit && $0.nextAt == after(3600) })
            #expect(try await stage.inbox(caller).items.count { $0.scheduledFor == after(3600) } == 3)
            for _ in 1...10 { sent += try await copies(at: after(3600)) }
            #expect(sent == 3, "the day has room for three")
            for _ in 1...10 { sent += try await copies(at: after(86_400)) }
            #expect(sent == 5)
        }
    }

    @Test func `Quiet hours hold what is not urgent, and what has expired by then is told to nobody`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            try await stage.givenChannel(caller, webhook("first"), isPrimary: true)
            let quiet = try await stage.service.request(
                .PUT, "/v1/notification-preferences", body: Array(#"{"quiet_hours": {"from": "14:00", "until": "07:00"}}"#.utf8), as: caller,
                headers: ["Content-Type": "application/json"])
            #expect(quiet.status == 200, "\(quiet)")
            // 14:20 in Berlin; 07:00 is 60,000 s later.
            try await stage.tell(caller, "Held", at: Self.start)
            try await stage.tell(caller, "Expiring", expires: after(3600), at: Self.start)
            try await stage.tell(caller, "Urgent", priority: .urgent, at: Self.start)
            let queue = stage.deliveries
            let (claimed, _) = try await queue.claim(10, lease: .seconds(60), now: Self.start)
            #expect(claimed.map(\.content.title) == ["Urgent"])
            for delivery in claimed { try await queue.settle(delivery, .taken("200", isThere: true), now: Self.start) }
            #expect(try await states(stage, caller).count { $0 == "webhook held quiet_hours" } == 2)
            #expect(try await stage.inbox(caller).items.compactMap(\.scheduledFor) == [after(60_000), after(60_000)])
            #expect(try await queue.claim(10, lease: .seconds(60), now: after(59_999)).claimed.isEmpty)
            let (morning, _) = try await queue.claim(10, lease: .seconds(60), now: after(60_000))
            #expect(morning.contains { $0.content.title == "Held" } && !morning.contains { $0.content.title == "Expiring" })
            #expect(try await states(stage, caller).contains("webhook expired"))
        }
    }

    @Test func `Who wakes from a lost lease changes nothing, and what cannot be told apart from a repeat is not sent twice`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            try await stage.givenChannel(caller, .telegram(chatID: "1", botToken: nil), isPrimary: true)
            try await stage.givenChannel(caller, webhook("second"))
            let queue = stage.deliveries
            try await stage.tell(caller, "Home", at: Self.start)
            let lost = try #require(try await queue.claim(10, lease: .seconds(60), now: Self.start).claimed.first)
            #expect(lost.channel == .telegram)
            #expect(try await queue.claim(10, lease: .seconds(60), now: after(59)).seen == 0)
            // It may have gone out: the next channel tells it.
            #expect(try await queue.claim(10, lease: .seconds(60), now: after(61)).claimed.isEmpty)
            #expect(try await states(stage, caller) == ["telegram failed", "webhook pending"])
            let first = try #require(try await queue.claim(10, lease: .seconds(60), now: after(61)).claimed.first)
            let second = try #require(try await queue.claim(10, lease: .seconds(60), now: after(130)).claimed.first)
            #expect(first.id == second.id && first.reference == second.reference && second.attempt == 2)
            try await queue.settle(first, .rejected("late", isGone: true), now: after(131))
            #expect(try await states(stage, caller) == ["telegram failed", "webhook sending"])
            try await queue.settle(second, .taken("200", isThere: true), now: after(132))
            try await queue.settle(second, .rejected("again", isGone: true), now: after(133))
            #expect(try await states(stage, caller) == ["telegram failed", "webhook delivered"])
            #expect(try await stage.count("SELECT count(*) FROM notification_channels WHERE is_active") == 2)
        }
    }

    @Test func `One home is told once to one person, however many listings it has and however many say so at once`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.register(caller)
            let home = UUID.v7()
            let listings = (0..<5).map { _ in UUID.v7() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let match = ListingMatched.sample(for: caller.userID) { listing in
                            listing.id = listings[number % 5]
                            listing.homeID = home
                        }
                        try await stage.transaction { tx in
                            _ = try await RecipientStore().lock(caller.userID, in: tx)
                            guard let added = try await stage.notifications.add(NewNotification(match, locale: "de"), in: tx) else { return }
                            try await stage.deliveries.plan(added, DeliveryContent(added, locale: "de"), template: nil, now: Date(), in: tx)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await stage.inbox(caller).items.map(\.sequence) == [1])
            #expect(try await stage.count("SELECT count(*) FROM notification_queue") == 1)
            // The constraints hold by themselves, beside what the statement asks.
            for column in ["listing_id", "home_id"] {
                await #expect(throws: PostgresError.self) {
                    try await stage.transaction { tx in
                        try await tx.execute(
                            """
                            INSERT INTO notifications (user_id, sequence, subject_key, type, title, message, \(identifier: column))
                            SELECT user_id, 99, 'another', type, title, message, \(identifier: column) FROM notifications
                            """)
                    }
                }
            }
        }
    }

    @Test func `What is for later comes into the inbox at its time, once, and in order`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.register(caller)
            let later = try await stage.service.request(
                .POST, "/v1/notifications",
                body: Array(
                    #"{"title": "Later", "message": "m", "scheduled_for": "2027-12-28T13:20:00Z", "tags": ["t"], "priority": "urgent"}"#.utf8),
                as: caller, headers: ["Content-Type": "application/json"])
            #expect(later.status == 201, "\(later)")
            let now = try await stage.service.request(
                .POST, "/v1/notifications", body: Array(#"{"title": "Now", "message": "m"}"#.utf8), as: caller,
                headers: ["Content-Type": "application/json"])
            #expect(now.status == 201)
            #expect(try await stage.inbox(caller).items.map(\.title) == ["Now"])
            #expect(try await stage.inbox(caller, "place=scheduled").items.map(\.title) == ["Later"])
            #expect(try await stage.inbox(caller, "place=scheduled&tag=t&priority=urgent&type=reminder").items.count == 1)
            let arrivals = Arrivals(
                notifications: stage.notifications, deliveries: stage.deliveries, recipients: RecipientStore(), logger: stage.service.platform.logger)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 { group.addTask { try await arrivals.arrive(now: Self.start) } }
                let arrived = try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                #expect(arrived == 1)
            }
            let inbox = try await stage.inbox(caller)
            #expect(inbox.items.map(\.title) == ["Later", "Now"] && inbox.items.map(\.sequence) == [2, 1] && inbox.items[0].isUrgent)
            #expect(try await (stage.service.get("/v1/notifications/unread-count", as: caller).json() as UnreadCount).unread == 2)
            func bulk(_ action: String) async throws -> TestResponse {
                let ids = (inbox.items.map(\.id) + [UUID.v7()]).map { "\"\($0)\"" }.joined(separator: ",")
                return try await stage.service.request(
                    .POST, "/v1/notifications/bulk", body: Array(#"{"action": "\#(action)", "ids": [\#(ids)]}"#.utf8), as: caller,
                    headers: ["Content-Type": "application/json"])
            }
            #expect(try (await bulk("read").json() as NotificationRoutes.Changed).items.map(\.isRead) == [true, true])
            #expect(try (await bulk("archive").json() as NotificationRoutes.Changed).items.count == 2)
            #expect(try await stage.inbox(caller).items.isEmpty)
            #expect(try await stage.inbox(caller, "place=archive").items.count == 2)
            _ = try await bulk("restore")
            #expect(try await stage.inbox(caller).items.count == 2)
        }
    }
}
