import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Campaigns

struct AgencyDeletionTests {
    @Test func `the templates of an agency that is deleted go with it; those of others and of the system stay`() async throws {
        try await CampaignsWorld.with { world in
            let (gone, other) = (UUID.v7(), UUID.v7())
            let owner = Caller(
                userID: .v7(), sessionID: .v7(),
                agencies: [AgencyMembership(agencyID: gone, role: .owner), AgencyMembership(agencyID: other, role: .owner)])
            func template(of agency: UUID) async throws -> UUID {
                let draft = TemplateDraft(
                    agencyID: agency, name: "greeting", type: .marketing, category: .newsletter, status: .active, subject: "Hallo",
                    htmlContent: "<p>{{x}}</p>")
                return try #require(try await world.templates.create(draft, as: owner)).id
            }
            let (theirs, others) = (try await template(of: gone), try await template(of: other))
            let system = try #require(UUID(uuidString: "00000000-0000-7000-8000-000000000001"))
            for agency in [gone, EmailTemplate.systemAgency] {
                try await world.postgres.transaction(as: ServiceCaller()) { tx in try await world.templates.deleteAll(of: agency, in: tx) }
            }
            #expect(try await world.templates.find(theirs, as: owner) == nil)
            #expect(try await world.templates.content(theirs) == nil)
            #expect(try await world.templates.find(others, as: owner) != nil)
            #expect(try await world.templates.find(system, as: owner) != nil)
        }
    }
}
