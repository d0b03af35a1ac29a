import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

@Suite("An inbox")
struct NotificationRoutesTests {
    struct Count: Decodable {
        var unread: Int?
        var marked: Int?
    }

    @Test("is read page by page, one by one and up to what was seen, and emptied one by one")
    func inbox() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.register(caller)
            for number in 1...5 { try await stage.notify(caller, "Home \(number)") }
            var seen: [String] = []
            var cursor = ""
            repeat {
                let page = try await stage.inbox(caller, "limit=2" + cursor)
                seen += page.items.map(\.title)
                cursor = page.nextCursor.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(seen == (1...5).reversed().map { "Home \($0)" })

            let newest = try #require(try await stage.inbox(caller).items.first)
            try await stage.service.listening(to: NotificationRead.self) { heard in
                for _ in 1...2 {
                    let read: Alerts.Notification = try await stage.service.post(
                        "/v1/notifications/\(newest.id)/read", [String: String](), as: caller
                    ).json()
                    #expect(read.isRead && read.readAt != nil)
                }
                try await eventually { heard.events.map(\.notificationID) == [newest.id] }
            }
            func unread() async throws -> Int? { try await (stage.service.get("/v1/notifications/unread-count", as: caller).json() as Count).unread }
            #expect(try await unread() == 4)
            let marked: Count = try await stage.service.post("/v1/notifications/read", ["up_to": 3], as: caller).json()
            #expect(marked.marked == 3)
            #expect(try await stage.inbox(caller, "unread=true").items.map(\.title) == ["Home 4"])
            #expect(try await stage.service.delete("/v1/notifications/\(newest.id)", as: caller).status == 204)
            #expect(try await stage.inbox(caller).items.map(\.title) == (1...4).reversed().map { "Home \($0)" })
            #expect(try await unread() == 1)
            for query in ["limit=0", "cursor=%21", "unread=perhaps"] {
                #expect(try await stage.service.get("/v1/notifications?" + query, as: caller).status == 422)
            }
            #expect(try await stage.service.post("/v1/notifications/read", ["up_to": -1], as: caller).status == 422)
        }
    }

    @Test("is its owner's alone, on every route and in the database")
    func strangers() async throws {
        try await AlertStage.with { stage in
            let (owner, stranger) = (Caller.test(), Caller.test())
            try await stage.register(owner)
            try await stage.register(stranger)
            let notification = try #require(try await stage.notify(owner, "Mine"))
            let path = "/v1/notifications/\(notification.id)"
            for caller in [stranger, .test(role: .administrator), .test(role: .moderator)] {
                #expect(try await stage.service.get(path, as: caller).status == 404)
                #expect(try await stage.service.post(path + "/read", [String: String](), as: caller).status == 404)
                #expect(try await stage.service.delete(path, as: caller).status == 404)
                #expect(try await stage.inbox(caller).items.isEmpty)
            }
            for (method, path) in [
                ("GET", path), ("DELETE", path), ("POST", path + "/read"), ("GET", "/v1/notifications"), ("GET", "/v1/notifications/unread-count"),
                ("POST", "/v1/notifications/read"), ("GET", "/v1/notifications/stream"), ("POST", "/v1/notifications/stream-tickets"),
                ("GET", "/v1/notification-channels"),
            ] {
                #expect(try await stage.service.request(.init(rawValue: method), path).status == 401, "\(method) \(path)")
            }
            let postgres = stage.service.platform.postgres
            try await stage.transaction { tx in
                try await stage.deliveries.plan(notification, DeliveryContent(notification, locale: "de"), template: nil, now: .distantFuture, in: tx)
            }
            for table in ["recipients", "notifications", "notification_channels", "notification_queue"] {
                let count: SQL = "SELECT count(*) FROM \(identifier: table) WHERE user_id = \(owner.userID)"
                #expect(try await postgres.transaction(as: stranger) { try await $0.value(count, as: Int.self) } == 0, "\(table)")
                #expect(try await postgres.transaction(as: owner) { try await $0.value(count, as: Int.self) } == 1, "\(table)")
            }
            for change: SQL in [
                "UPDATE notifications SET title = 'x'", "DELETE FROM notifications",
                "UPDATE notification_channels SET channel_name = 'x' WHERE user_id = \(owner.userID)",
                "DELETE FROM recipients", "UPDATE recipients SET email = 'x'",
            ] {
                #expect(try await postgres.transaction(as: stranger) { try await $0.execute(change) } == 0)
            }
            // Nobody writes their own notifications either, nor tickets for another.
            for insertion: SQL in [
                "INSERT INTO notifications (user_id, sequence, subject_key, type, title, message) VALUES (\(stranger.userID), 9, 'x', 'reminder', 'x', 'x')",
                "INSERT INTO stream_tickets VALUES ('x', \(owner.userID), \(owner.sessionID), now(), now())",
                "INSERT INTO notification_channels (user_id, channel_type, channel_name, destination) VALUES (\(owner.userID), 'email', 'x', 'x')",
            ] {
                await #expect(throws: PostgresError.self) { try await postgres.transaction(as: stranger) { try await $0.execute(insertion) } }
            }
        }
    }

    @Test("every route is documented, and every documented one is there")
    func documented() async throws {
        try await expectDocumented(AlertsService.self)
    }
}
