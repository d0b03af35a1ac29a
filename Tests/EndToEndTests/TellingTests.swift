import ClientKit
import Contracts
import Foundation
import Testing

@testable import Demo

extension EndToEnd {
    /// From a listing site to receivers outside that speak each channel's protocol, on two copies.
    @Suite(.enabled(if: RunningSystem.environment["HEARTH_OUTSIDE_PORT"] != nil, "HEARTH_OUTSIDE_PORT is not set: `make test` lets alerts reach it"))
    struct TellingTests {
        private static let kinds = ["sms", "push", "discord", "telegram", "webhook"]

        @Test func `a match is told once by every channel, and a digest arrives once although every copy is killed over it`() async throws {
            try await RunningSystem.complete()
            let flow = try RunningSystem.flow()
            let port = try #require(RunningSystem.environment["HEARTH_OUTSIDE_PORT"].flatMap { Int($0) })
            try await OutsideWorld.serve(port: port) { world in
                let seeker = try await flow.arrive(as: "seeker", firstName: "Mira")
                let browser = PushBrowser()
                let channels = try await addChannels(of: seeker, world, browser, run: flow.run)
                _ = try await seeker.client.send("PUT", "/v1/notification-preferences", json: ["reach": "all"]).expecting(200, "PUT preferences")

                let found = try await scrape(flow, seeker)
                for kind in Self.kinds {
                    try await Waiting.expect("each match told by \(kind)", within: .seconds(90)) { world.shown(at: "/" + kind).count == 1 + found }
                }
                // The one that confirmed the address, and one for each match.
                try await Waiting.expect("a mail for each match", within: .seconds(90)) { try await flow.mail.count(to: seeker.email) == 1 + found }

                try await expectOneDigest(flow, seeker, channels, world, browser)
            }
        }

        /// Adds one of each kind, with the codes that they bring; their ids, and that of the mail that everybody has.
        private func addChannels(of seeker: Person, _ world: OutsideWorld, _ browser: PushBrowser, run: String) async throws -> [String] {
            let (p256dh, auth) = browser.keys
            let addresses: [(kind: String, address: JSON)] = [
                ("sms", ["phone_number": .text("+49151\(run)00")]),
                ("push", ["subscription": ["endpoint": .text("\(world.url)/push/\(run)"), "keys": ["p256dh": .text(p256dh), "auth": .text(auth)]]]),
                ("discord", ["channel_id": .text("100000000000\(run)"), "bot_token": "a-bot-of-their-own-in-discord"]),
                ("telegram", ["chat_id": .text("100\(run)"), "bot_token": "123456:a-bot-of-their-own-in-telegram"]),
                ("webhook", ["url": .text("\(world.url)/webhook/\(run)"), "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]),
            ]
            var ids: [String] = []
            for (kind, address) in addresses {
                let types: JSON = ["new_listing", "reminder"]
                let channel = try await seeker.client.post(
                    "/v1/notification-channels",
                    ["channel_type": .text(kind), "channel_name": .text(kind), "address": address, "enabled_notification_types": types],
                    expecting: 201)
                let id = try #require(channel["id"].string)
                let digits = try await Waiting.until("the code by \(kind)", within: .seconds(60)) {
                    try world.shown(at: "/" + kind).last.flatMap { try code(in: $0, browser) }
                }
                _ = try await seeker.client.post("/v1/notification-channels/\(id)/verify", ["code": .text(digits)])
                ids.append(id)
            }
            let mail = try await seeker.client.get("/v1/notification-channels")["items"].items.first { $0["channel_type"] == "email" }
            return ids + [try #require(mail?["id"].string)]
        }

        private func code(in taken: OutsideWorld.Taken, _ browser: PushBrowser) throws -> String? {
            let body = taken.path.hasPrefix("/push") ? try browser.open(taken.body) : taken.body
            return String(decoding: body, as: UTF8.self).firstMatch(of: /(?:^|\\n|[^0-9A-Za-z-])([0-9]{6})(?:[^0-9A-Za-z-]|$)/).map { String($0.1) }
        }

        /// The two flats of the sample that fit.
        private func scrape(_ flow: DemoFlow, _ seeker: Person) async throws -> Int {
            let tour = try RunningSystem.sampleTour(run: flow.run)
            let search = try await flow.saveSearch(tour.wishes, of: seeker)
            let agent = try await flow.foundBrokerage(flow.arrive(as: "agent", firstName: "Jonas"))
            return try await RunningSystem.site(tour).serve { site in
                _ = try await flow.scrape([("immoscout", site + "/search/list?pagenumber=1")], by: agent, within: .seconds(90))
                return try await flow.showMatches(of: search, for: seeker, atLeast: 2).count
            }
        }

        private func expectOneDigest(
            _ flow: DemoFlow, _ seeker: Person, _ channels: [String], _ world: OutsideWorld, _ browser: PushBrowser
        ) async throws {
            for channel in channels {
                _ = try await seeker.client.send(
                    "PATCH", "/v1/notification-channels/\(channel)",
                    json: ["frequency": "daily", "enabled_notification_types": ["reminder"]]
                ).expecting(200, "PATCH a channel")
            }
            let before = world.shown.count
            let mails = try await flow.mail.count(to: seeker.email)
            for number in 1...5 {
                _ = try await seeker.client.post(
                    "/v1/notifications", ["title": .text("Termin \(number)"), "message": "Hauptstraße 12"], expecting: 201)
            }
            let held = try await seeker.client.get("/v1/notifications/deliveries?status=held")["items"].items
            #expect(
                held.count == channels.count
                    && held.allSatisfy { $0["notifications"] == 5 && $0["hold_reason"] == "digest" && $0["next_at"].string != nil })

            // Each has the digest before its sender hears that it has: then every copy is killed.
            world.answer(after: .seconds(8))
            let user = try #require(UUID(uuidString: seeker.id))
            _ = try await RunningSystem.number(
                """
                WITH due AS (UPDATE alerts.notification_queue SET scheduled_at = now() WHERE user_id = \(user) AND is_open RETURNING 1) SELECT count(*) FROM due
                """)
            try await Waiting.expect("the digest at every receiver", within: .seconds(90)) { world.shown.count == before + Self.kinds.count }
            for copy in 1...RunningSystem.copies { kill(try RunningSystem.processID(copy == 1 ? "alerts" : "alerts.\(copy)"), SIGKILL) }
            world.answer(after: .zero)
            try await RunningSystem.complete()
            try await Waiting.expect("an end of every digest", within: .seconds(180)) {
                let open: Int = try await RunningSystem.number(
                    """
                    SELECT count(*) FROM alerts.notification_queue WHERE user_id = \(user) AND is_digest AND status NOT IN ('sent', 'delivered', 'failed')
                    """)
                return open == 0
            }
            try await RunningSystem.settle()

            #expect(world.requests.count > before + Self.kinds.count, "no sender was killed before it had heard: this proves nothing")
            for kind in Self.kinds {
                // The code, the matches, and one digest.
                #expect(world.shown(at: "/" + kind).count == before / Self.kinds.count + 1, "\(kind)")
            }
            let webhook = try #require(world.shown(at: "/webhook").last)
            let data = try #require(webhook.json["data"] as? [String: Any])
            #expect(webhook.json["type"] as? String == "notification.digest" && data["count"] as? Int == 5)
            #expect((data["notifications"] as? [[String: Any]])?.compactMap { $0["title"] as? String } == (1...5).map { "Termin \($0)" })
            try await Waiting.expect("the digest by mail", within: .seconds(90)) { try await flow.mail.count(to: seeker.email) > mails }
            let digests = try await flow.mail.mails(to: seeker.email).filter { $0.subject == "5 Neuigkeiten bei Hearth" }
            #expect(Set(digests.compactMap { $0["Message-ID"] }).count == 1)
            #expect(digests.first?.text?.contains("Termin 1") == true && digests.first?.text?.contains("Termin 5") == true)
            let told = try await seeker.client.get("/v1/notifications?type=reminder")["items"].items
            #expect(told.count == 5 && told.allSatisfy { ["sent", "delivered"].contains($0["delivery_status"].string ?? "") })
        }
    }
}
