import Contracts
import Files
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Scraper

@Suite("The scraper over HTTP")
struct ScraperServiceTests {
    struct JobList: Decodable { var items: [ScrapingJob] }
    struct PageList: Decodable { var items: [ScrapingPage] }
    struct ArtifactList: Decodable { var items: [Artifact] }
    struct ListOf<Item: Decodable>: Decodable { var items: [Item] }

    func serving(_ body: @escaping @Sendable (TestService, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-scraper-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await SampleSite().serve { url, server in
            let settings = ["FILES_PATH": folder, "SCRAPER_ALLOWED_HOSTS": server.description, "SCRAPER_USER_AGENT": "HearthTest/1.0"]
            try await TestService.with(ScraperService.self, settings: settings) { try await body($0, url) }
        }
    }

    func ended(_ job: ScrapingJob, _ service: TestService, as caller: Caller) async throws -> ScrapingJob {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let current: ScrapingJob = try await service.get("/v1/scraping-jobs/\(job.id)", as: caller).json()
            if current.completedAt != nil { return current }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the job has not ended in 30 seconds")
        return job
    }

    @Test("an agent starts a job, watches it end, and finds its pages and artifacts")
    func story() async throws {
        try await serving { service, site in
            let agency = UUID.v7()
            let agent = Caller.test(agencies: [AgencyMembership(agencyID: agency, role: .agent)])
            let body = ["provider": "wg_gesucht", "result_url": site + "/wohnraum-in-Berlin.8.0.1.0.html"]
            let created = try await service.post("/v1/scraping-jobs", body, as: agent)
            #expect(created.status == 201)
            let job: ScrapingJob = try created.json()
            #expect(created.headers.first(name: "Location") == "/v1/scraping-jobs/\(job.id.uuidString.lowercased())")
            #expect(job.agencyID == agency)
            let end = try await ended(job, service, as: agent)
            #expect(end.status == .completed)
            #expect(end.counts == [6, 5, 1])

            let failed: PageList = try await service.get("/v1/scraping-jobs/\(job.id)/pages?status=failed", as: agent).json()
            #expect(failed.items.map(\.reason) == [.unreadable])
            let artifacts: ArtifactList = try await service.get("/v1/artifacts?job_id=\(job.id)", as: agent).json()
            #expect(artifacts.items.count == 7)
            let artifact = try #require(artifacts.items.first { $0.sourceURL?.hasSuffix("90010002.html") == true })
            let one: Artifact = try await service.get("/v1/artifacts/\(artifact.id)", as: agent).json()
            #expect(one.contentText?.contains("Dielen") == true)
            let extractions: ListOf<ContentExtraction> = try await service.get("/v1/artifacts/\(artifact.id)/extractions", as: agent).json()
            let read = try #require(extractions.items.first)
            #expect(read.extractionType == .listing && read.provider == "wg_gesucht" && read.fields.contains("rent_netto"))
            guard case .object(let data) = read.extractedData, case .array(let sources) = data["sources"] else {
                Issue.record("the extraction says nothing of where its fields come from")
                return
            }
            #expect(sources.count == read.fields.count)
            let results = try #require(artifacts.items.first { $0.sourceURL?.hasSuffix("8.0.1.0.html") == true })
            let cards: ListOf<ContentExtraction> = try await service.get(
                "/v1/artifacts/\(results.id)/extractions?extraction_type=result_page", as: agent
            ).json()
            #expect(cards.items.count == 1)
            let tags: ListOf<MetadataTag> = try await service.get("/v1/artifacts/\(artifact.id)/tags", as: agent).json()
            #expect(tags.items.contains { $0.tagType == "listing" && $0.tagKey == "provider_listing_id" && $0.tagValue == "90010002" })
            #expect(tags.items.contains { $0.tagType == "http" && $0.tagKey == "status" && $0.tagValue == "200" })
            let content = try await service.get("/v1/artifacts/\(artifact.id)/content", as: agent)
            let file = Fixtures.site.appendingPathComponent("wohnungen-in-Berlin-Friedrichshain.90010002.html")
            #expect(content.body == [UInt8](try Data(contentsOf: file)))
            #expect(content.headers.first(name: "Content-Disposition") == "attachment")

            let colleague = Caller.test(agencies: [AgencyMembership(agencyID: agency, role: .viewer)])
            let seen = try await service.get("/v1/scraping-jobs/\(job.id)", as: colleague).status
            #expect(seen == 200)
            let stranger = Caller.test(agencies: [AgencyMembership(agencyID: .v7(), role: .owner)])
            for path in [
                "/v1/scraping-jobs/\(job.id)", "/v1/scraping-jobs/\(job.id)/pages", "/v1/artifacts/\(artifact.id)",
                "/v1/artifacts/\(artifact.id)/content", "/v1/artifacts/\(artifact.id)/extractions", "/v1/artifacts/\(artifact.id)/tags",
            ] {
                let status = try await service.get(path, as: stranger).status
                #expect(status == 404, "\(path)")
            }
            let nothing: JobList = try await service.get("/v1/scraping-jobs", as: stranger).json()
            #expect(nothing.items.isEmpty)
        }
    }

    @Test("lists page by cursor, the newest first, and a job that has ended is not cancelled")
    func lists() async throws {
        try await serving { service, site in
            let moderator = Caller.test(role: .moderator)
            var ids: [UUID] = []
            for number in 0..<3 {
                let body = ["provider": "immoscout", "result_url": "\(site)/nowhere/\(number)"]
                let job: ScrapingJob = try await service.post("/v1/scraping-jobs", body, as: moderator).json()
                ids.append(job.id)
                let end = try await ended(job, service, as: moderator).status
                #expect(end == .failed)
            }
            struct Listed: Decodable {
                var items: [ScrapingJob]
                var next_cursor: String?
            }
            let first: Listed = try await service.get("/v1/scraping-jobs?limit=2", as: moderator).json()
            let second: Listed = try await service.get("/v1/scraping-jobs?limit=2&cursor=\(first.next_cursor ?? "")", as: moderator).json()
            #expect((first.items + second.items).map(\.id) == ids.reversed())
            #expect(second.next_cursor == nil)
            let cancel = try await service.request(.POST, "/v1/scraping-jobs/\(ids[0])/cancel", as: moderator)
            #expect(cancel.status == 409)
            #expect(cancel.problem == "job-ended")
        }
    }

    @Test("a seeker, a viewer and a visitor start nothing")
    func refused() async throws {
        try await serving { service, site in
            let body = ["provider": "wg_gesucht", "result_url": site + "/wohnraum-in-Berlin.8.0.1.0.html"]
            let visitor = try await service.post("/v1/scraping-jobs", body).status
            #expect(visitor == 401)
            let seeker = try await service.post("/v1/scraping-jobs", body, as: .test()).status
            #expect(seeker == 403)
            let viewer = Caller.test(agencies: [AgencyMembership(agencyID: .v7(), role: .viewer)])
            let viewers = try await service.post("/v1/scraping-jobs", body, as: viewer).status
            #expect(viewers == 403)
            let agent = Caller.test(agencies: [AgencyMembership(agencyID: .v7(), role: .agent)])
            let foreign = body.merging(["agency_id": UUID.v7().uuidString]) { $1 }
            let elsewhere = try await service.post("/v1/scraping-jobs", foreign, as: agent).status
            #expect(elsewhere == 403)
        }
    }

    @Test("what makes no job is told field by field")
    func invalid() async throws {
        try await serving { service, _ in
            let agent = Caller.test(role: .administrator)
            let cases = [
                ["result_url": "file:///etc/passwd"], ["result_url": "http://127.0.0.1/x"],
                ["result_url": "https://www.wg-gesucht.de/x", "schedule": "PT1M"],
                ["result_url": "https://www.wg-gesucht.de/x", "provider": "nobody"], [:],
                // Nobody says what is ImmoScout24's but ImmoScout24.
                ["result_url": "https://forger.example/x", "provider": "immoscout"],
                ["result_url": "https://immobilienscout24.de.forger.example/x", "provider": "immoscout"],
            ]
            for body in cases {
                let answer = try await service.post("/v1/scraping-jobs", body, as: agent)
                #expect(answer.status == 422, "\(body)")
            }
        }
    }

    @Test("a user who is gone takes their jobs along")
    func deleted() async throws {
        try await serving { service, site in
            let moderator = Caller.test(role: .moderator)
            let body = ["provider": "immoscout", "result_url": site + "/search/list"]
            let job: ScrapingJob = try await service.post("/v1/scraping-jobs", body, as: moderator).json()
            _ = try await ended(job, service, as: moderator)
            _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await JobStore(postgres: service.platform.postgres).deleteAll(of: moderator.userID, tx)
            }
            let gone = try await service.get("/v1/scraping-jobs/\(job.id)", as: moderator).status
            #expect(gone == 404)
            let artifacts: ArtifactList = try await service.get("/v1/artifacts", as: moderator).json()
            #expect(artifacts.items.isEmpty)
        }
    }

    @Test("what was fetched is seen, read again by request, and readers tell how they do")
    func readers() async throws {
        try await serving { service, site in
            let moderator = Caller.test(role: .moderator)
            let body = ["provider": "wg_gesucht", "result_url": site + "/wohnraum-in-Berlin.8.0.1.0.html"]
            let job: ScrapingJob = try await service.post("/v1/scraping-jobs", body, as: moderator).json()
            _ = try await ended(job, service, as: moderator)
            let fetches: ListOf<Fetch> = try await service.get("/v1/scraping-jobs/\(job.id)/fetches", as: moderator).json()
            #expect(fetches.items.count { $0.decision == .fetched && $0.httpStatus == 200 } >= 7)
            let replayed = try await service.request(.POST, "/v1/scraping-jobs/\(job.id)/replay", as: moderator)
            #expect(replayed.status == 201)
            let replay = try await ended(replayed.json(), service, as: moderator)
            #expect(replay.jobType == "listing_replay" && replay.counts == [6, 5, 1])
            let stranger = try await service.request(.POST, "/v1/scraping-jobs/\(job.id)/replay", as: .test(role: .moderator))
            #expect(stranger.status == 404)
            let health: ListOf<ReaderHealth> = try await service.get("/v1/scraping-jobs/readers", as: moderator).json()
            #expect(health.items.first { $0.provider == "wg_gesucht" }?.recentPages == 12)
            let drifts: ListOf<ReaderDrift> = try await service.get("/v1/scraping-jobs/drifts?open=true&provider=immoscout", as: moderator).json()
            #expect(drifts.items.isEmpty)
            let wrong = try await service.get("/v1/scraping-jobs/drifts?open=perhaps", as: moderator).status
            #expect(wrong == 422)
        }
    }

    @Test("every route is documented")
    func documented() async throws { try await expectDocumented(ScraperService.self) }
}
