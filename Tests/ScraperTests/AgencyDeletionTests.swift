import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Scraper

@Suite struct AgencyDeletionTests {
    @Test func `The jobs of an agency that is deleted go with it, and those of others stay`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-agency-" + UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await TestService.with(ScraperService.self, settings: ["FILES_PATH": folder]) { service in
            let (gone, other) = (UUID.v7(), UUID.v7())
            func job(of agency: UUID, as caller: Caller) async throws -> UUID {
                // Nobody answers there: what becomes of the job does not matter here.
                let body = ["provider": "schema_org", "result_url": "https://wg-gesucht.invalid/wohnraum-in-Berlin.8.0.1.0.html"]
                let created = try await service.post("/v1/scraping-jobs", body, as: caller)
                #expect(created.status == 201, "\(created)")
                let job: ScrapingJob = try created.json()
                #expect(job.agencyID == agency)
                return job.id
            }
            let leaver = Caller.test(agencies: [AgencyMembership(agencyID: gone, role: .agent)])
            let stayer = Caller.test(agencies: [AgencyMembership(agencyID: other, role: .agent)])
            let (theirs, others) = (try await job(of: gone, as: leaver), try await job(of: other, as: stayer))
            try await service.speaking(as: .auth) { auth in
                try await auth.say(AgencyDeleted(agencyID: gone, version: 2))
                try await eventually { try await service.get("/v1/scraping-jobs/\(theirs)", as: leaver).status == 404 }
                #expect(try await service.get("/v1/scraping-jobs/\(others)", as: stayer).status == 200)
            }
        }
    }
}
