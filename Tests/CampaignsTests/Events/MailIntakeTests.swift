import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Campaigns

struct MailIntakeTests {
    @Test func `a template that is unknown or lacks a value, and an address nobody can write to, fail the mail once and never loop`() async throws {
        try await CampaignsWorld.with { world in
            var unknown = world.newListing(to: "ada@example.org")
            unknown.template = "nothing"
            var hole = world.newListing(to: "ada@example.org")
            hole.data["listing_url"] = nil
            let address = world.newListing(to: "not an address")
            for command in [unknown, hole, address, unknown] { try await world.ask(command) }
            for command in [unknown, hole, address] { #expect(try await world.status(command.emailID) == "failed") }
            #expect(try await world.published() == Array(repeating: EmailFailed.name, count: 3))
            #expect(try await world.queue.claim(10, lease: .seconds(1)).isEmpty)
        }
    }

    @Test func `who unsubscribed gets no more of that category, but still what keeps the account safe, and doing it twice is doing it once`()
        async throws
    {
        try await CampaignsWorld.with { world in
            let user = UUID.v7()
            let first = world.newListing(to: "ada@example.org", user: user)
            let waiting = world.newListing(to: "ada@example.org", user: user)
            try await world.ask(first)
            try await world.ask(waiting)
            let token = UnsubscribeToken(emailID: first.emailID, userID: user, category: "new_listing")
            #expect(try await !world.suppressions.isUnsubscribed(token))
            try await world.suppressions.unsubscribe(token)
            try await world.suppressions.unsubscribe(token)
            #expect(try await world.suppressions.isUnsubscribed(token))
            #expect(try await world.status(waiting.emailID) == "suppressed")
            let later = world.newListing(to: "ADA@example.org", user: user)
            try await world.ask(later)
            #expect(try await world.status(later.emailID) == "suppressed")
            let safety = SendEmail(
                emailID: .v7(), userID: user, toEmail: "ada@example.org", toName: nil, template: "account_exists", locale: "de-DE", data: [:],
                type: "transactional")
            try await world.ask(safety)
            #expect(try await world.status(safety.emailID) == "queued")
            #expect(try await world.published().filter { $0 == EmailUnsubscribed.name }.count == 1)
            #expect(try await world.published().filter { $0 == EmailFailed.name }.count == 3)
        }
    }

    @Test func `a deleted person leaves no trace in the queue, gets no mail, and no older event brings them back`() async throws {
        try await CampaignsWorld.with { world in
            let user = UserSnapshot(
                id: .v7(), email: "ada@example.org", fullName: "Ada", firstName: nil, lastName: nil, locale: "de-DE", timezone: "Europe/Berlin",
                role: "user",
                userType: "seeker", status: "active", emailVerified: true, version: 1)
            let recipients = RecipientStore()
            try await world.postgres.transaction(as: ServiceCaller()) { tx in try await recipients.save(user, in: tx) }
            let waiting = world.newListing(to: "ada@example.org", user: user.id)
            try await world.ask(waiting)
            try await world.postgres.transaction(as: ServiceCaller()) { tx in
                try await recipients.forget(user.id, version: 3, in: tx)
                try await world.queue.forget(user: user.id, in: tx)
                var older = user
                older.version = 2
                try await recipients.save(older, in: tx)
            }
            let rows: String = try await world.postgres.batch(
                as: ServiceCaller(),
                ["SELECT (SELECT string_agg(q::text, '') FROM email_queue q) || (SELECT string_agg(r::text, '') FROM recipients r) AS rows"])[0][0][
                    "rows"]
            #expect(!rows.contains("ada@example.org") && !rows.contains("Ada"))
            let later = world.newListing(to: "ada@example.org", user: user.id)
            try await world.ask(later)
            #expect(try await world.status(later.emailID) == "suppressed")
        }
    }
}
