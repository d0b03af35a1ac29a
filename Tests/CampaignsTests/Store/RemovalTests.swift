import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Campaigns

struct RemovalTests {
    @Test func `a removed template is hidden from its agency until it is restored, a system template never`() async throws {
        try await CampaignsWorld.with { world in
            let agency = UUID.v7()
            let owner = Caller(userID: .v7(), sessionID: .v7(), agencies: [AgencyMembership(agencyID: agency, role: .owner)])
            let draft = TemplateDraft(
                agencyID: agency, name: "greeting", type: .marketing, category: .newsletter, status: .active, subject: "Hallo",
                htmlContent: "<p>{{x}}</p>")
            let template = try #require(try await world.templates.create(draft, as: owner))
            let system = try #require(UUID(uuidString: "00000000-0000-7000-8000-000000000001"))
            func set(_ id: UUID, _ isRemoved: Bool, _ version: Int64) async throws {
                try await world.postgres.transaction(as: ServiceCaller()) { tx in
                    try await world.templates.setRemoved(id, isRemoved, version: version, in: tx)
                }
            }
            try await set(template.id, true, 2)
            try await set(system, true, 2)
            #expect(try await world.templates.find(template.id, as: owner) == nil)
            #expect(try await world.templates.content(template.id) == nil)
            #expect(try await world.templates.find(system, as: owner) != nil)
            let seen = try await world.postgres.batch(as: owner, ["SELECT id FROM email_templates WHERE id = \(template.id)"])
            #expect(seen[0].isEmpty)
            try await set(template.id, false, 1)
            #expect(try await world.templates.find(template.id, as: owner) == nil)
            try await set(template.id, false, 3)
            #expect(try await world.templates.find(template.id, as: owner) != nil)
        }
    }

    @Test(
        "the notice says what was done, why and until when, in the person's language",
        arguments: [
            ("is_user_suspended", "de-DE", "gesperrt"), ("is_user_suspended", "en-US", "suspended"), ("is_content_removed", "de-DE", "entfernt"),
            ("is_lifted", "en-US", "does not hold any more"),
        ])
    func notice(kind: String, locale: String, words: String) async throws {
        try await CampaignsWorld.with { world in
            let id = UUID.v7()
            try await world.ask(
                .init(
                    emailID: id, userID: nil, toEmail: "mia@example.org", toName: "Mia", template: "moderation_notice", locale: locale,
                    data: [kind: .flag(true), "reason": "Wucher & Betrug", "until": "1. Mai 2027"], type: "transactional"))
            let row = try await world.postgres.batch(
                as: ServiceCaller(), ["SELECT status, text_content, html_content FROM email_queue WHERE id = \(id)"])[0][0]
            let (status, text, html): (String, String, String) = (try row["status"], try row["text_content"], try row["html_content"])
            #expect(status == "queued" && text.contains(words) && text.contains("Wucher & Betrug") && text.contains("1. Mai 2027"))
            #expect(html.contains(words) && html.contains("Wucher &amp; Betrug"))
            #expect(!text.contains("warned") && !text.contains("verwarnt"))
        }
    }
}
