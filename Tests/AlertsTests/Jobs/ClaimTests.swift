import ClientKit
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

/// Much at once, and many at once.
@Suite struct ClaimTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let start = Date(timeIntervalSince1970: 1_830_000_000)  // 2027-12-28T13:20:00Z

    private func webhook(_ name: String) -> ChannelAddress { .webhook(url: "https://example.org/\(name)", secret: Self.secret) }

    @Test func `A receiver that is slow keeps nobody else waiting, neither by mail nor by its own kind of channel`() async throws {
        try await OutsideWorld.serve { world in
            try await AlertStage.with(settings: world.settings) { stage in
                let (slow, other, mailed) = (Caller.test(), Caller.test(), Caller.test())
                for person in [slow, other] {
                    try await stage.registerWithout(person)
                    let address = ChannelAddress.webhook(url: "\(world.url)/webhook/\(person.userID)", secret: Self.secret)
                    try await stage.givenChannel(person, address, isPrimary: true)
                }
                try await stage.register(mailed)
                world.answer(after: .seconds(8))
                try await stage.tell(slow, "Slow")
                try await eventually { world.requests.count == 1 }
                world.answer(after: .zero)
                try await stage.tell(other, "Other")
                try await stage.tell(mailed, "Mailed")
                try await eventually { try await stage.mails().count == 1 }
                try await eventually { try await stage.count("SELECT count(*) FROM notification_queue WHERE status = 'delivered'") == 1 }
                #expect(try await stage.count("SELECT count(*) FROM notification_queue WHERE status = 'sending' AND user_id = \(slow.userID)") == 1)
                // It is given its time all the same.
                try await eventually(within: .seconds(30)) {
                    try await stage.count("SELECT count(*) FROM notification_queue WHERE status = 'delivered' AND user_id = \(slow.userID)") == 1
                }
                #expect(world.requests.count == 2)
            }
        }
    }

    @Test func `Of each kind of channel as much is taken as there is room for, what matters most first, and lost is nothing`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            try await stage.givenChannel(caller, webhook("one"), isPrimary: true)
            try await stage.givenChannel(caller, .discord(channelID: "123456789012345678", botToken: "x"))
            try await stage.transaction {
                try await $0.execute("INSERT INTO notification_preferences (user_id, reach) VALUES (\(caller.userID), 'all')")
            }
            for (number, priority) in [Priority.low, .normal, .high, .urgent, .normal].enumerated() {
                try await stage.tell(caller, "\(priority) \(number)", priority: priority, at: Self.start.addingTimeInterval(Double(number)))
            }
            var room = SendingRoom(ofEach: 2)
            room.take(.discord)
            var taken: [ChannelType: [String]] = [:]
            var rounds = 0
            while case let (claimed, seen) = try await stage.deliveries.claim(room, lease: .seconds(60), now: Self.start.addingTimeInterval(10)),
                seen > 0
            {
                #expect(claimed.count { $0.channel == .webhook } <= 2 && claimed.count { $0.channel == .discord } <= 1)
                for delivery in claimed { taken[delivery.channel, default: []].append(delivery.content.title) }
                rounds += 1
            }
            let order = ["urgent 3", "high 2", "normal 1", "normal 4", "low 0"]
            #expect(taken == [.webhook: order, .discord: order] && rounds == 5)
        }
    }

    @Test func `What waits for later costs nothing when what is due is looked for`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            let channel = try await stage.givenChannel(caller, webhook("one"), isPrimary: true)
            try await stage.transaction { tx in
                try await tx.execute(
                    """
                    INSERT INTO notification_queue (user_id, channel_id, channel, notification_type, priority, status, hold_reason, scheduled_at, delivery_key)
                    SELECT \(caller.userID), \(channel), 'webhook', 'new_listing', (ARRAY['urgent', 'high', 'normal', 'low'])[n / 100 % 4 + 1], 'held', 'retry',
                        CASE WHEN n % 100 = 0 THEN \(Self.start) ELSE \(Self.start.addingTimeInterval(86_400)) END, n::text FROM generate_series(1, 20000) AS n
                    """)
            }
            _ = try await stage.service.platform.postgres.transaction { try await $0.execute("ANALYZE notification_queue") }
            let question = DeliveryStore.due(
                SendingRoom(ofEach: 16), "q.id", from: "notification_queue q", locking: "q", now: Self.start.addingTimeInterval(1))
            let plan = try await stage.transaction { tx in
                try await tx.rows("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) \(question)").map { try $0["QUERY PLAN"] as String }
            }
            #expect(plan.contains { $0.contains("notification_queue_claims") } && !plan.contains { $0.contains("Seq Scan") }, "\(plan)")
            // Sixteen of each priority at most, of the two hundred that are due.
            #expect(!plan.contains { $0.contains("Rows Removed") }, "\(plan)")
        }
    }

    @Test func `Two deliveries of the same notifications never wait for each other`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            try await stage.givenChannel(caller, webhook("daily"), frequency: .daily, isPrimary: true)
            for number in 1...3 { try await stage.tell(caller, "\(number)", at: Self.start) }
            // Their ids go against the order in which they lie in the table.
            try await stage.transaction { tx in
                try await tx.execute(
                    """
                    WITH copies AS (
                        INSERT INTO notifications (id, user_id, sequence, subject_key, type, title, message, created_at)
                        SELECT ('00000000-0000-7000-8000-00000000000' || 4 - sequence)::uuid, user_id, sequence + 3, 'copy ' || sequence, type, title, message,
                            created_at
                        FROM notifications ORDER BY sequence RETURNING id, user_id)
                    INSERT INTO delivery_items (notification_id, delivery_id, channel_id, user_id)
                    SELECT copies.id, i.delivery_id, i.channel_id, i.user_id FROM copies, (SELECT DISTINCT delivery_id, channel_id, user_id FROM delivery_items) i
                    """)
                try await tx.execute("DELETE FROM notifications WHERE sequence <= 3")
            }
            let ids: [UUID] = try await stage.transaction { try await $0.rows("SELECT id FROM notifications ORDER BY id").map { try $0["id"] } }
            func free() async throws -> [UUID] {
                try await stage.transaction {
                    try await $0.rows("SELECT id FROM notifications ORDER BY id FOR UPDATE SKIP LOCKED").map { try $0["id"] }
                }
            }
            #expect(try await free() == ids)
            let (gate, opened) = AsyncStream<Void>.makeStream()
            async let refreshed: Void = {
                for await _ in gate { break }
                try await stage.transaction { try await $0.execute("SELECT refresh_notifications((SELECT array_agg(id) FROM notification_queue))") }
            }()
            try await stage.transaction { tx in
                _ = try await tx.rows("SELECT 1 FROM notifications WHERE id = \(ids[1]) FOR UPDATE")
                opened.yield()
                // It has the first, waits for the second, and has not come to the third.
                try await eventually { try await free() == [ids[2]] }
            }
            try await refreshed
        }
    }

    @Test func `Who loses a deadlock settles all the same: what was sent is not told elsewhere`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            try await stage.givenChannel(caller, .telegram(chatID: "1", botToken: nil), isPrimary: true)
            try await stage.tell(caller, "Home", at: Self.start)
            let sent = try #require(try await stage.deliveries.claim(10, lease: .seconds(60), now: Self.start).claimed.first)
            let notification = try #require(try await stage.inbox(caller).items.first).id
            let (gate, opened) = AsyncStream<Void>.makeStream()
            async let settled: Void = {
                for await _ in gate { break }
                try await stage.deliveries.settle(sent, .taken("200", isThere: true), now: Self.start)
            }()
            // The other way round: the notification first, then the delivery. Whichever of the two the database gives up, the delivery is settled.
            _ = try? await stage.transaction { tx in
                try await tx.execute("UPDATE notifications SET title = 'Other' WHERE id = \(notification)")
                opened.yield()
                try await eventually {
                    try await stage.count(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1
                }
                try await tx.execute("UPDATE notification_queue SET updated_at = now() WHERE id = \(sent.id)")
            }
            try await settled
            #expect(try await stage.count("SELECT count(*) FROM notification_queue WHERE status = 'delivered'") == 1)
        }
    }
}
