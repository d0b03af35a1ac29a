import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Campaigns

struct MailSenderTests {
    @Test func `a mail asked for twice is one mail, in the person's language, with both parts and one-click headers`() async throws {
        try await CampaignsWorld.with { world in
            let server = SMTPScript()
            let command = world.newListing(to: "Ada@Example.org")
            try await world.ask(command)
            try await world.ask(command)
            try await world.sending(try world.sender(server.url)) { try await world.status(command.emailID) == "sent" }
            #expect(server.mails.count == 1)
            let mail = ReadMail(try #require(server.mails.first).data)
            #expect(ReadMail.decoded(mail["Subject"] ?? "") == "Neues Angebot: Schöne Wohnung & mehr")
            #expect(mail["Message-ID"] == "<\(command.emailID.uuidString.lowercased())@hearth.example>")
            #expect(mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
            let token = try #require(mail["List-Unsubscribe"]).dropFirst("<https://hearth.example/v1/unsubscribe/".count).dropLast()
            #expect(
                UnsubscribeToken(String(token), encryption: world.encryption)
                    == UnsubscribeToken(emailID: command.emailID, userID: nil, category: "new_listing"))
            #expect(mail.parts[0].content.contains("Miete: 700 €") && mail.parts[0].content.contains(token))
            #expect(mail.parts[1].content.contains("Schöne Wohnung &amp; mehr"))
            #expect(try await world.published() == [EmailSent.name])
            server.stop()
        }
    }

    @Test func `a mail that the server defers goes out later, one that it refuses fails for good, and each is told once`() async throws {
        try await CampaignsWorld.with { world in
            let server = SMTPScript()
            let deferred = world.newListing(to: "defer@example.org")
            let refused = world.newListing(to: "reject@example.org")
            let dropped = world.newListing(to: "drop@example.org")
            for command in [deferred, refused, dropped] { try await world.ask(command) }
            try await world.sending(try world.sender(server.url)) { try await world.open() == 0 }
            #expect(try await world.status(deferred.emailID) == "sent")
            #expect(try await world.status(refused.emailID) == "failed")
            #expect(try await world.status(dropped.emailID) == "sent")
            // The window that SMTP leaves open: taken, and the answer lost. It came twice, and its id says so.
            let twice = server.mails.filter { $0.recipients == ["drop@example.org"] }.map { ReadMail($0.data)["Message-ID"] }
            #expect(twice.count == 2 && Set(twice).count == 1)
            #expect(try await world.published().sorted() == [EmailFailed.name, EmailSent.name, EmailSent.name])
            server.stop()
        }
    }

    @Test func `a relay that is away costs a mail none of its retries`() async throws {
        try await CampaignsWorld.with { world in
            let away = SMTPScript(greeting: "421 closed for today")
            let command = world.newListing(to: "ada@example.org")
            try await world.ask(command)
            try await world.sending(try world.sender(away.url, workers: 1)) { away.connections > 2 }
            let row = try await world.postgres.batch(
                as: ServiceCaller(), ["SELECT status, current_retries FROM email_queue WHERE id = \(command.emailID)"])[0][0]
            #expect(try row["current_retries"] == 0)
            away.stop()
            let server = SMTPScript()
            try await world.sending(try world.sender(server.url)) { try await world.status(command.emailID) == "sent" }
            #expect(server.mails.count == 1)
            server.stop()
        }
    }

    @Test func `a mail under a lease that ran out is sent by another copy, and given up when it had its last attempt`() async throws {
        try await CampaignsWorld.with { world in
            let command = world.newListing(to: "ada@example.org")
            try await world.ask(command)
            let first = try await world.queue.claim(10, lease: .zero)
            #expect(first.map(\.id) == [command.emailID])
            #expect(try await world.queue.claim(10, lease: .seconds(30)).map(\.currentRetries) == [1])
            #expect(try await world.queue.claim(10, lease: .seconds(30)).isEmpty)
            // The first copy comes back late with a failure: its lease is gone, so it says nothing any more.
            try await world.queue.record([(first[0], .failed(DeliveryFailure(reason: .rejected, detail: "late")))])
            #expect(try await world.status(command.emailID) == "sending")
            for _ in 0..<2 {
                _ = try await world.postgres.batch(as: ServiceCaller(), ["UPDATE email_queue SET due_at = now() WHERE id = \(command.emailID)"])
                _ = try await world.queue.claim(10, lease: .seconds(30))
            }
            #expect(try await world.status(command.emailID) == "failed")
            #expect(try await world.published() == [EmailFailed.name])
        }
    }

    @Test func `a mail that takes longer than its lease is sent once, as its holder lives`() async throws {
        try await CampaignsWorld.with { world in
            let server = SMTPScript()
            let command = world.newListing(to: "slow@example.org")
            try await world.ask(command)
            let other = try world.sender(server.url, lease: .seconds(8))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await other.run() }
                try await world.sending(try world.sender(server.url, lease: .seconds(8))) { try await world.status(command.emailID) == "sent" }
                group.cancelAll()
            }
            #expect(server.mails.count == 1)
            let retries: Int = try await world.postgres.batch(as: ServiceCaller(), ["SELECT current_retries FROM email_queue"])[0][0][
                "current_retries"]
            #expect(retries == 0)
            server.stop()
        }
    }

    @Test func `right after an outage nobody takes over what another holds, and its holder may still renew it`() async throws {
        try await CampaignsWorld.with { world in
            let held = world.newListing(to: "ada@example.org")
            try await world.ask(held)
            let mails = try await world.queue.claim(10, lease: .zero)
            let fresh = world.newListing(to: "ben@example.org")
            try await world.ask(fresh)
            #expect(try await world.queue.claim(10, lease: .seconds(30), takingOver: false).map(\.id) == [fresh.emailID])
            try await world.queue.renew(mails, lease: .seconds(300))
            #expect(try await world.queue.claim(10, lease: .seconds(30), takingOver: true).isEmpty)

            let outages = Outages()
            #expect(outages.areOver(for: .seconds(300)))
            outages.note()
            #expect(!outages.areOver(for: .seconds(300)) && outages.areOver(for: .zero))
        }
    }

    @Test func `many mails and several copies: each mail once`() async throws {
        try await CampaignsWorld.with { world in
            let server = SMTPScript()
            for number in 0..<100 { try await world.ask(world.newListing(to: "p\(number)@example.org")) }
            let other = try world.sender(server.url)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await other.run() }
                try await world.sending(try world.sender(server.url)) { try await world.open() == 0 }
                group.cancelAll()
            }
            #expect(server.mails.count == 100 && Set(server.mails.flatMap(\.recipients)).count == 100)
            let used: Int = try await world.postgres.batch(
                as: ServiceCaller(), ["SELECT usage_count FROM email_templates WHERE name = 'new_listing' AND locale = 'de-DE'"])[0][0]["usage_count"]
            #expect(used == 100)
            server.stop()
        }
    }

    @Test func `a secret is in the mail and in no table, before or after`() async throws {
        try await CampaignsWorld.with { world in
            let server = SMTPScript()
            let link = "https://hearth.example/reset?token=geheim"
            let sealed = Data(try world.encryption.seal(link, context: "campaigns.email.link")).base64EncodedString()
            let command = SendEmail(
                emailID: .v7(), userID: .v7(), toEmail: "ada@example.org", toName: nil, template: "password_reset", locale: "en-GB", data: [:],
                type: "transactional", sealedData: ["link": sealed])
            try await world.ask(command)
            let stored: String = try await world.postgres.batch(as: ServiceCaller(), ["SELECT email_queue::text AS row FROM email_queue"])[0][0][
                "row"]
            #expect(!stored.contains("geheim") && stored.contains(sealed))
            try await world.sending(try world.sender(server.url)) { try await world.status(command.emailID) == "sent" }
            let mail = ReadMail(try #require(server.mails.first).data)
            #expect(mail.parts[0].content.contains(link) && mail.parts[1].content.contains(link))
            #expect(mail["List-Unsubscribe"] == nil)
            let after: String = try await world.postgres.batch(as: ServiceCaller(), ["SELECT email_queue::text AS row FROM email_queue"])[0][0]["row"]
            #expect(!after.contains(sealed))
            server.stop()
        }
    }
}
