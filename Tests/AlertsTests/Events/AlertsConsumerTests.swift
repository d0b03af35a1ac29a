import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

@Suite("What alerts hears")
struct AlertsConsumerTests {
    @Test("tells a person of a listing once, though two searches match and both matches are delivered twice, and asks for one mail")
    func once() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.service.listening(to: NotificationCreated.self) { heard in
                try await stage.service.speaking(as: .auth) { try await $0.say(UserRegistered(user: .sample(caller.userID))) }
                try await eventually { try await stage.count("SELECT count(*) FROM notification_channels WHERE is_primary AND is_verified") == 1 }
                let first = ListingMatched.sample(for: caller.userID)
                var second = first
                (second.searchID, second.searchName) = (.v7(), "Anywhere")
                let other = ListingMatched.sample(for: caller.userID)
                let messages = [(first, UUID.v7(), Date()), (second, UUID.v7(), Date()), (other, UUID.v7(), Date())]
                try await stage.service.speaking(as: .catalog) { catalog in
                    for (match, id, time) in messages + messages { try await catalog.say(match, id: id, at: time) }
                }
                try await eventually { try await stage.count("SELECT count(*) FROM inbox") == 4 }
                let inbox = try await stage.inbox(caller)
                #expect(inbox.items.map(\.sequence) == [2, 1])
                #expect(Set(inbox.items.compactMap { $0.data["listing_id"] }) == Set([first, other].map { $0.listing.id.uuidString.lowercased() }))
                #expect(inbox.items.allSatisfy { $0.deliveryMethod == "email" && $0.deliveryStatus == "pending" })
                try await eventually { try await stage.mails().count == 2 }
                let mails = try await stage.mails()
                #expect(try await stage.count("SELECT count(*) FROM notification_queue WHERE id = ANY (\(mails.map(\.emailID)))") == 2)
                #expect(try await stage.inbox(caller).items.map(\.deliveryAttempts) == [1, 1])
                #expect(
                    mails.count == 2
                        && mails.allSatisfy { $0.template == "new_listing" && $0.toEmail == "\(caller.userID.uuidString.lowercased())@hearth.test" })
                #expect(Set(mails.compactMap(\.reference)) == Set(inbox.items.map(\.id)))
                #expect(mails.first?.data["rent"] == "1.890,50 € kalt" && mails.first?.data["relevance_percent"] == "85")
                try await eventually { heard.events.map(\.sequence).sorted() == [1, 2] }
            }
        }
    }

    @Test("counts a person's notifications up without a gap, however many come at once")
    func sequences() async throws {
        try await AlertStage.with { stage in
            let (first, second) = (Caller.test(), Caller.test())
            try await stage.register(first)
            try await stage.register(second)
            let listings = (0..<20).map { _ in ListingSnapshot.sample() }
            try await stage.service.speaking(as: .catalog) { catalog in
                for listing in listings {
                    for caller in [first, second, first] {
                        var match = ListingMatched.sample(for: caller.userID)
                        match.listing = listing
                        try await catalog.say(match)
                    }
                }
            }
            try await eventually { try await stage.count("SELECT count(*) FROM inbox") == 60 }
            for caller in [first, second] { #expect(try await stage.inbox(caller).items.map(\.sequence) == (1...20).reversed()) }
            try await eventually { try await stage.mails().count == 40 }
        }
    }

    @Test("lets only newer versions of a person in, moves their channel with their address, and forgets who is deleted")
    func recipients() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.register(caller, email: "a@hearth.test", verified: false, version: 3)
            try await stage.register(caller, locale: "en", email: "old@hearth.test", version: 2)
            #expect(try await stage.count("SELECT count(*) FROM recipients WHERE email = 'a@hearth.test' AND version = 3 AND locale = 'de-DE'") == 1)
            #expect(try await stage.count("SELECT count(*) FROM notification_channels WHERE destination = 'a@hearth.test' AND NOT is_verified") == 1)
            try await stage.register(caller, email: "a@hearth.test", verified: true, version: 4)
            #expect(try await stage.count("SELECT count(*) FROM notification_channels WHERE is_verified") == 1)
            try await stage.register(caller, email: "b@hearth.test", verified: false, version: 5)
            #expect(
                try await stage.count(
                    "SELECT count(*) FROM notification_channels WHERE destination = 'b@hearth.test' AND NOT is_verified AND is_primary") == 1)
            #expect(try await stage.count("SELECT count(*) FROM notification_channels") == 1)

            try await stage.notify(caller, "Before")
            try await stage.transaction { try await RecipientStore().forget(caller.userID, version: 6, in: $0) }
            for table in ["notifications", "notification_channels", "stream_tickets"] {
                #expect(try await stage.count("SELECT count(*) FROM \(identifier: table)") == 0)
            }
            // Neither what comes late nor a match brings them back, and nobody waits for them.
            try await stage.register(caller, version: 7)
            try await stage.service.speaking(as: .catalog) { try await $0.say(ListingMatched.sample(for: caller.userID)) }
            try await eventually { try await stage.count("SELECT count(*) FROM inbox") == 1 }
            #expect(try await stage.count("SELECT count(*) FROM recipients WHERE email IS NULL AND full_name IS NULL AND status = 'deleted'") == 1)
            #expect(try await stage.count("SELECT count(*) FROM notifications") == 0)
            #expect(try await stage.count("SELECT count(*) FROM notification_channels") == 0)
        }
    }

    @Test("waits for a person who is not known yet")
    func unknown() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.service.speaking(as: .catalog) { try await $0.say(ListingMatched.sample(for: caller.userID)) }
            try await stage.service.speaking(as: .auth) { try await $0.say(UserRegistered(user: .sample(caller.userID))) }
            try await eventually(within: .seconds(30)) { try await stage.inbox(caller).items.count == 1 }
        }
    }

    @Test("sends no mail to whom no channel takes it, and keeps what became of each mail")
    func delivery() async throws {
        try await AlertStage.with { stage in
            let (caller, silent) = (Caller.test(), Caller.test())
            for person in [caller, silent] { try await stage.register(person) }
            _ = try await stage.transaction {
                try await $0.execute("UPDATE notification_channels SET is_active = false WHERE user_id = \(silent.userID)")
            }
            try await stage.service.speaking(as: .catalog) { catalog in
                for person in [caller, caller, silent] { try await catalog.say(ListingMatched.sample(for: person.userID)) }
            }
            try await eventually { try await stage.count("SELECT count(*) FROM notifications") == 3 }
            #expect(try await stage.inbox(silent).items.map(\.deliveryMethod) == ["app"])
            try await eventually { try await stage.mails().count == 2 }
            let mails = try await stage.mails()
            #expect(mails.map(\.userID) == [caller.userID, caller.userID])
            guard mails.count == 2 else { return }
            func status(_ mail: SendEmail) async throws -> String? {
                guard let id = mail.reference else { return nil }
                return try await (stage.service.get("/v1/notifications/\(id)", as: caller).json() as Alerts.Notification).deliveryStatus
            }
            try await stage.service.speaking(as: .campaigns) { campaigns in
                func sent(_ mail: SendEmail) -> EmailSent {
                    EmailSent(emailID: mail.emailID, userID: mail.userID, template: mail.template, reference: mail.reference)
                }
                func failed(_ mail: SendEmail) -> EmailFailed {
                    EmailFailed(emailID: mail.emailID, userID: mail.userID, reason: "rejected", reference: mail.reference)
                }
                try await campaigns.say(sent(mails[0]))
                try await campaigns.say(failed(mails[1]))
                try await eventually { [try await status(mails[0]), try await status(mails[1])] == ["sent", "failed"] }
                // What was sent stays sent; what failed may be sent after all.
                try await campaigns.say(failed(mails[0]))
                try await campaigns.say(sent(mails[1]))
                try await eventually { try await status(mails[1]) == "sent" }
                try await eventually { try await stage.count("SELECT count(*) FROM inbox") == 7 }
                #expect(try await status(mails[0]) == "sent")
            }
        }
    }
}
