import Contracts
import Foundation
import Postgres
import Redis
import ServiceKit
import TestKit
import Testing

@testable import Campaigns

struct TemplateStoreTests {
    private static func caller(_ role: PlatformRole = .user, _ agencies: [AgencyMembership] = []) -> Caller {
        Caller(userID: .v7(), sessionID: .v7(), role: role, agencies: agencies)
    }

    private static func draft(_ agency: UUID?, name: String = "greeting") -> TemplateDraft {
        TemplateDraft(
            agencyID: agency, name: name, type: .marketing, category: .newsletter, status: .active, subject: "Hallo", htmlContent: "<p>{{x}}</p>")
    }

    @Test func `the database itself keeps an agency's templates to the agency, and the system's to administrators`() async throws {
        try await CampaignsWorld.with { world in
            let agency = UUID.v7()
            let owner = Self.caller(.user, [AgencyMembership(agencyID: agency, role: .owner)])
            let stranger = Self.caller(.user, [AgencyMembership(agencyID: .v7(), role: .owner)])
            let template = try #require(try await world.templates.create(Self.draft(agency), as: owner))
            let system = try #require(UUID(uuidString: "00000000-0000-7000-8000-000000000001"))

            for caller in [owner, Self.caller(.administrator)] { #expect(try await world.templates.find(template.id, as: caller) != nil) }
            for caller in [stranger, Self.caller(), Self.caller(.moderator)] {
                #expect(try await world.templates.find(template.id, as: caller) == nil)
                #expect(try await world.templates.find(system, as: caller) != nil)
                for id in [template.id, system] {
                    let changed = try await world.postgres.batch(as: caller, ["UPDATE email_templates SET name = 'x' WHERE id = \(id) RETURNING id"])[
                        0]
                    #expect(changed.isEmpty)
                }
                await #expect(throws: PostgresError.self) { try await world.templates.create(Self.draft(agency, name: "other"), as: caller) }
                await #expect(throws: PostgresError.self) { try await world.templates.create(Self.draft(nil, name: "other"), as: caller) }
                await #expect(throws: PostgresError.self) {
                    try await world.postgres.batch(
                        as: caller,
                        ["INSERT INTO email_queue (from_email, to_email, subject, type, category) VALUES ('a@b.c', 'a@b.c', 's', 'system', 'c')"])
                }
            }
            let agent = Self.caller(.user, [AgencyMembership(agencyID: agency, role: .agent)])
            await #expect(throws: PostgresError.self) { try await world.templates.create(Self.draft(agency, name: "other"), as: agent) }
            #expect(!EmailTemplate.mayEdit(Self.caller(.user, [AgencyMembership(agencyID: agency, role: .agent)]), agency: agency))
            #expect(!EmailTemplate.mayEdit(Self.caller(.moderator), agency: EmailTemplate.systemAgency))
            #expect(!EmailTemplate.mayEdit(owner, agency: EmailTemplate.systemAgency))
        }
    }

    @Test func `people see their own mails alone, administrators all`() async throws {
        try await CampaignsWorld.with { world in
            let ada = Self.caller()
            let mine = world.newListing(to: "ada@example.org", user: ada.userID)
            let other = world.newListing(to: "bob@example.org", user: .v7())
            try await world.ask(mine)
            try await world.ask(other)
            #expect(try await world.queue.list(user: nil, status: nil, after: nil, limit: 10, as: ada).map(\.id) == [mine.emailID])
            #expect(try await world.queue.find(other.emailID, as: ada) == nil)
            #expect(try await world.queue.list(user: nil, status: .queued, after: nil, limit: 10, as: Self.caller(.administrator)).count == 2)
            #expect(try await world.queue.list(user: nil, status: nil, after: nil, limit: 10, as: Self.caller(.moderator)).isEmpty)
        }
    }

    @Test func `a changed content keeps the old one, a mere renaming does not, and a use changes no version`() async throws {
        try await CampaignsWorld.with { world in
            let administrator = Self.caller(.administrator)
            let template = try #require(try await world.templates.create(Self.draft(nil), as: administrator))
            var patch = TemplatePatch()
            patch.subject = "Guten Tag"
            let changedRow = try await world.templates.update(template.id, as: administrator) { [patch] in patch.applied(to: $0) }
            let changed = try #require(changedRow)
            #expect(changed.currentVersion == 2 && changed.version == 2 && changed.versions?.map(\.subject) == ["Hallo"])
            var renaming = TemplatePatch()
            renaming.name = "other"
            let renamedRow = try await world.templates.update(template.id, as: administrator) { [renaming] in renaming.applied(to: $0) }
            let renamed = try #require(renamedRow)
            #expect(renamed.currentVersion == 2 && renamed.version == 3 && renamed.versions?.count == 1)
            _ = try await world.postgres.batch(
                as: ServiceCaller(), ["UPDATE email_templates SET usage_count = usage_count + 1 WHERE id = \(template.id)"])
            #expect(try await world.templates.find(template.id, as: administrator)?.version == 3)
            let isGone = try await world.templates.delete(template.id, as: administrator) { _ in }
            #expect(isGone)
            #expect(try await world.templates.find(template.id, as: administrator) == nil)
            #expect(try await world.templates.create(Self.draft(nil, name: "other"), as: administrator) != nil)
        }
    }

    @Test func `a template changed by hand in SQL is soon what is rendered`() async throws {
        try await CampaignsWorld.with { world in
            let template = try #require(try await world.templates.create(Self.draft(nil), as: Self.caller(.administrator)))
            let listener = PostgresListener(world.configuration, channels: ["cache_invalidate"], logger: .init(label: "test"))
            let (keys, feed) = AsyncStream<String?>.makeStream()
            let events = listener.events()
            let invalidation = CacheInvalidation(cache: world.cache, prefixes: ["template:"], keys: keys)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await listener.run() }
                group.addTask {
                    for await event in events {
                        if case .notification(_, let key) = event { feed.yield(key) } else { feed.yield(nil) }
                    }
                }
                group.addTask { try await invalidation.run() }
                defer { group.cancelAll() }
                #expect(try await world.templates.content(template.id)?.subject == "Hallo")
                _ = try await world.postgres.batch(as: ServiceCaller(), ["UPDATE email_templates SET subject = 'Neu' WHERE id = \(template.id)"])
                for _ in 0..<250 where try await world.templates.content(template.id)?.subject != "Neu" {
                    try await Task.sleep(for: .milliseconds(20))
                }
                #expect(try await world.templates.content(template.id)?.subject == "Neu")
            }
        }
    }
}
