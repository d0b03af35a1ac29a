import ClientKit
import Contracts
import Foundation
import HTTPTypes
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

/// The whole way of each channel, against a world that speaks the protocols.
@Suite struct EveryChannelTests {
    private static let webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    @Test func `Each channel is verified by a code that comes by it, and then tells of a match once`() async throws {
        try await OutsideWorld.serve { world in
            try await AlertStage.with(settings: world.settings) { stage in
                let caller = Caller.test()
                let browser = PushBrowser()
                try await stage.register(caller)
                let (p256dh, auth) = browser.keys
                let addresses: [(type: String, address: JSONText)] = [
                    ("sms", #"{"phone_number": "+49 151 2345 6756"}"#),
                    ("push", #"{"subscription": {"endpoint": "\#(world.url)/push/abc", "keys": {"p256dh": "\#(p256dh)", "auth": "\#(auth)"}}}"#),
                    ("discord", #"{"channel_id": "123456789012345678", "bot_token": "a-bot-of-their-own-in-discord"}"#),
                    ("telegram", #"{"chat_id": "4711"}"#),
                    ("webhook", #"{"url": "\#(world.url)/webhook/hearth?key=hidden", "secret": "\#(Self.webhookSecret)"}"#),
                ]
                for (type, address) in addresses {
                    let added = try await stage.addChannel(caller, type, address)
                    #expect(added.status == 201, "\(added)")
                    let channel: Channel = try added.json()
                    #expect(!channel.isVerified && !channel.isPrimary && channel.verificationExpires != nil)
                    // What is secret is in no answer.
                    for secret in ["15123", "6756", auth, "a-bot-of", "hidden", "MfKQ9r8"] { #expect(!added.text.contains(secret), "\(added.text)") }
                    try await eventually { try code(world, type, browser) != nil }
                    let digits = try #require(try code(world, type, browser))
                    #expect(try await stage.verify(caller, channel.id, digits == "000000" ? "000001" : "000000").status == 422)
                    let verified = try await stage.verify(caller, channel.id, digits)
                    #expect(verified.status == 200, "\(verified)")
                    #expect(try (verified.json() as Channel).isVerified)
                    #expect(try await stage.verify(caller, channel.id, digits).status == 409)
                }
                #expect(try await stage.count("SELECT count(*) FROM notification_queue WHERE content_sealed IS NOT NULL") == 0)
                let set = try await stage.service.put("/v1/notification-preferences", ["reach": "all"], as: caller)
                #expect(set.status == 200)

                let match = ListingMatched.sample(for: caller.userID) { $0.title = "Helle Wohnung <b>" }
                try await stage.service.speaking(as: .catalog) { catalog in
                    for _ in 1...2 { try await catalog.say(match) }
                }
                try await eventually { world.shown.count == addresses.count * 2 }
                try await eventually { try await stage.mails().count == 1 }
                try await eventually {
                    try await stage.count(
                        "SELECT count(*) FROM notification_queue WHERE notification_type = 'new_listing' AND status IN ('sent', 'delivered')")
                        == addresses.count
                }
                try expectTold(world, browser)
                let inbox = try await stage.inbox(caller)
                #expect(inbox.items.map(\.deliveryStatus) == ["delivered"])
                let receipts = try await stage.receipts(of: inbox.items[0].id, as: caller)
                #expect(Set(receipts.map(\.channel)) == Set(ChannelType.allCases))
                #expect(receipts.allSatisfy { $0.attempts.count == 1 })
            }
        }
    }

    /// The code that the newest message of a kind brought.
    private func code(_ world: OutsideWorld, _ type: String, _ browser: PushBrowser) throws -> String? {
        guard let taken = world.shown(at: "/" + type).last else { return nil }
        let text = type == "push" ? String(decoding: try browser.open(taken.body), as: UTF8.self) : String(decoding: taken.body, as: UTF8.self)
        return text.firstMatch(of: /(?:^|\\n|[^0-9A-Za-z-])([0-9]{6})(?:[^0-9A-Za-z-]|$)/).map { String($0.1) }
    }

    private func expectTold(_ world: OutsideWorld, _ browser: PushBrowser) throws {
        func header(_ taken: OutsideWorld.Taken, _ name: String) -> String? { HTTPField.Name(name).flatMap { taken.headers[$0] } }
        let discord = try #require(world.shown(at: "/discord").last)
        #expect(discord.path == "/discord/channels/123456789012345678/messages")
        #expect(header(discord, "Authorization") == "Bot a-bot-of-their-own-in-discord")
        #expect((discord.json["content"] as? String)?.contains("**Helle Wohnung <b>**") == true)
        #expect(discord.json["enforce_nonce"] as? Bool == true && (discord.json["nonce"] as? String)?.count == 22)

        let telegram = try #require(world.shown(at: "/telegram").last)
        #expect(telegram.path == "/telegram/bot123456:operators-bot-token-of-telegram/sendMessage")
        #expect(telegram.json["chat_id"] as? String == "4711")
        #expect((telegram.json["text"] as? String)?.hasPrefix("Helle Wohnung <b>\nBerlin, Kreuzberg") == true)

        let push = try #require(world.shown(at: "/push").last)
        #expect(header(push, "Content-Encoding") == "aes128gcm" && header(push, "Urgency") == "normal" && header(push, "TTL") == "86400")
        #expect(header(push, "Authorization")?.hasPrefix("vapid t=") == true && header(push, "Topic")?.count == 32)
        let message = try #require(try JSONSerialization.jsonObject(with: browser.open(push.body)) as? [String: String])
        #expect(message["title"] == "Helle Wohnung <b>" && message["url"] == "https://homes.test/1" && message["type"] == "new_listing")

        let webhook = try #require(world.shown(at: "/webhook").last)
        let secret = try #require(WebhookSecret(Self.webhookSecret))
        let (id, timestamp) = (try #require(header(webhook, "webhook-id")), try #require(header(webhook, "webhook-timestamp").flatMap { Int($0) }))
        #expect(header(webhook, "webhook-signature") == secret.signature(id: id, timestamp: timestamp, body: Array(webhook.body)))
        #expect(abs(Date().timeIntervalSince1970 - Double(timestamp)) < 300)
        #expect(webhook.json["type"] as? String == "notification.created")

        let sms = try #require(world.shown(at: "/sms").last)
        #expect(sms.json["to"] as? String == "+4915123456756" && (sms.json["text"] as? String)?.hasPrefix("Helle Wohnung <b>\nBerlin") == true)
    }

    @Test func `What cannot be reached, or must not be, is no channel`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            let secret = Self.webhookSecret
            for url in [
                "http://example.org/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/x", "https://169.254.169.254/", "https://10.1.1.1/",
                "ftp://example.org/", "https://a:b@example.org/", "nonsense", "",
            ] {
                let refused = try await stage.addChannel(caller, "webhook", #"{"url": "\#(url)", "secret": "\#(secret)"}"#)
                #expect(refused.status == 422, "\(url): \(refused)")
            }
            for (type, address): (String, JSONText) in [
                ("webhook", #"{"url": "https://example.org/", "secret": "short"}"#), ("sms", #"{"phone_number": "110"}"#),
                ("email", #"{"email": "nobody"}"#),
                ("discord", #"{"channel_id": "x"}"#), ("telegram", #"{"chat_id": "../x"}"#), ("push", "{}"),
                ("push", #"{"subscription": {"endpoint": "https://push.example/1", "keys": {"p256dh": "AA", "auth": "AA"}}}"#),
                ("telegram", #"{"chat_id": "1", "bot_token": "a/b"}"#),
            ] {
                #expect(try await stage.addChannel(caller, type, address).status == 422, "\(type)")
            }
            // There is no provider, no key and no bot here, and nobody has heard of this person.
            #expect(try await stage.addChannel(caller, "sms", #"{"phone_number": "+4915123456756"}"#).status == 409)
            #expect(try await stage.addChannel(caller, "telegram", #"{"chat_id": "4711"}"#).status == 409)
            let good: JSONText = #"{"url": "https://example.org/", "secret": "\#(secret)"}"#
            #expect(try await stage.addChannel(caller, "webhook", good).status == 409)
            try await stage.register(caller)
            #expect(try await stage.addChannel(caller, "webhook", good).status == 201)
            #expect(try await stage.addChannel(caller, "webhook", good).status == 409, "the same one again")
        }
    }

    @Test func `A code is tried five times and once at most, however many try at once, and another one is asked for with patience`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.register(caller)
            let other: JSONText = #"{"email": "other@hearth.test"}"#
            let channel: Channel = try await stage.addChannel(caller, "email", other).json()
            try await eventually { try await stage.mails().count == 1 }
            let mail = try #require(try await stage.mails().first)
            #expect(mail.template == "channel_verification" && mail.toEmail == "other@hearth.test" && mail.data.isEmpty)
            let sealed = try #require(mail.sealedData["code"].flatMap { Data(base64Encoded: $0) })
            let digits = try stage.service.platform.encryption.openString(Array(sealed), context: "campaigns.email.code")

            func statuses(_ code: String, _ count: Int) async throws -> [Int: Int] {
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<count { group.addTask { try await stage.verify(caller, channel.id, code).status } }
                    return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
                }
            }
            #expect(try await statuses(digits == "111111" ? "222222" : "111111", 50) == [422: 5, 409: 45])
            #expect(try await stage.verify(caller, channel.id, digits).status == 409, "too many tries")
            let path = "/v1/notification-channels/\(channel.id)/verification"
            #expect(try await stage.service.post(path, [String: String](), as: caller).status == 429)
            #expect(try await stage.service.post(path, [String: String](), as: .test()).status == 404)
            try await stage.transaction { try await $0.execute("UPDATE notification_channels SET code_sent_at = now() - interval '2 minutes'") }
            #expect(try await stage.service.post(path, [String: String](), as: caller).status == 202)
            try await eventually { try await stage.mails().count == 2 }
            let next = try #require(try await stage.mails().last?.sealedData["code"].flatMap { Data(base64Encoded: $0) })
            let second = try stage.service.platform.encryption.openString(Array(next), context: "campaigns.email.code")
            #expect(try await statuses(second, 50) == [200: 1, 409: 49])
            try await stage.transaction { try await $0.execute("UPDATE notification_channels SET codes_sent = 5, code_sent_at = NULL") }
            #expect(try await stage.service.post(path, [String: String](), as: caller).status == 409, "verified already")
        }
    }

    @Test func `Whoever has channels has one primary one, whatever happens to them`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.register(caller)
            func channels() async throws -> [Channel] { try await stage.channels(of: caller) }
            for number in 1...4 {
                try await stage.givenChannel(caller, .webhook(url: "https://example.org/\(number)", secret: Self.webhookSecret))
            }
            await #expect(throws: PostgresError.self) {
                try await stage.transaction { try await $0.execute("UPDATE notification_channels SET is_primary = false") }
            }
            await #expect(throws: PostgresError.self) {
                try await stage.transaction { try await $0.execute("UPDATE notification_channels SET is_primary = true") }
            }
            while let primary = try await channels().first(where: \.isPrimary) {
                #expect(try await channels().count(where: \.isPrimary) == 1)
                #expect(try await stage.service.delete("/v1/notification-channels/\(primary.id)", as: .test()).status == 404)
                #expect(try await stage.service.delete("/v1/notification-channels/\(primary.id)", as: caller).status == 204)
            }
            #expect(try await channels().isEmpty)
        }
    }
}
