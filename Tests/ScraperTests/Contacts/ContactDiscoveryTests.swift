import ContactValues
import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Outbound
import Postgres
import ServiceKit
import Synchronization
import TestKit
import Testing

@testable import Scraper

@Suite("Looking for contacts")
struct ContactDiscoveryTests {
    struct Results: Decodable { var items: [DiscoveryResult] }
    struct Jobs: Decodable { var items: [DiscoveryJob] }

    /// A site with a listing's page, a document, one that fails for a while, and one that is never there.
    final class Site: Sendable {
        let asked = Mutex<[String: Int]>([:])

        func serve(_ body: @escaping @Sendable (_ url: String, _ server: HostPort) async throws -> Void) async throws {
            let router = Router(context: BasicRequestContext.self)
            router.get("**") { request, _ in self.answer(request.uri.path) }
            try await SiteServer.serve(router) { port in
                guard let server = HostPort("127.0.0.1:\(port)") else { return }
                try await body("http://127.0.0.1:\(port)", server)
            }
        }

        private func answer(_ path: String) -> Response {
            let count = asked.withLock { asked in
                asked[path, default: 0] += 1
                return asked[path] ?? 0
            }
            func page(_ bytes: [UInt8], _ type: String) -> Response {
                Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
            }
            switch path {
            case "/letter.pdf": return page(SamplePDF.letter, "application/pdf")
            case "/large.pdf": return page(SamplePDF.bytes(["Telefon: 0171 1234567"], padding: 6 * 1024 * 1024), "application/pdf")
            case "/page.html": return page(Array("<p>Vermieter: Eva Klein</p><p>eva (at) klein-beispiel (punkt) de</p>".utf8), "text/html")
            case "/nobody.html": return page(Array("<p>Eine Wohnung.</p>".utf8), "text/html")
            // The fetcher itself tries again a few times.
            case "/shaky.html": return count <= 4 ? Response(status: .serviceUnavailable) : page(Array("<p>Tel. 030 901820</p>".utf8), "text/html")
            default: return Response(status: .notFound)
            }
        }
    }

    func serving(_ body: @escaping @Sendable (TestService, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-discovery-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await Site().serve { url, server in
            let settings = [
                "FILES_PATH": folder, "SCRAPER_ALLOWED_HOSTS": server.description, "SCRAPER_USER_AGENT": "HearthTest/1.0",
                "SCRAPER_RETRY_PAUSE": "1s",
            ]
            try await TestService.with(ScraperService.self, settings: settings) { try await body($0, url) }
        }
    }

    func ended(_ job: DiscoveryJob, _ service: TestService, as caller: Caller) async throws -> DiscoveryJob {
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline {
            let current: DiscoveryJob = try await service.get("/v1/contact-discovery-jobs/\(job.id)", as: caller).json()
            if current.completedAt != nil { return current }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("the job has not ended in 120 seconds")
        return job
    }

    struct Body: Encodable {
        var job_type = "contact_extraction"
        var max_retries: Int?
        var parameters: [String: [String]]?
        var agency_id: UUID?
        var provider_config: [String: Double]?
        var search_criteria_id: UUID?
    }

    @Test("is decided by people where the rules have not: whoever runs jobs takes a result or passes it over, once, and nobody else")
    func decided() async throws {
        try await serving { service, site in
            let agency = UUID.v7()
            let agent = Caller.test(agencies: [AgencyMembership(agencyID: agency, role: .agent)])
            let viewer = Caller.test(agencies: [AgencyMembership(agencyID: agency, role: .viewer)])
            let stranger = Caller.test(agencies: [AgencyMembership(agencyID: .v7(), role: .owner)])
            let urls = ["urls": [site + "/page.html", site + "/letter.pdf"]]
            let body = Body(parameters: urls, agency_id: agency, provider_config: ["min_confidence": 1])
            let job = try await ended(try await service.post("/v1/contact-discovery-jobs", body, as: agent).json(), service, as: agent)
            let results = (try await service.get("/v1/contact-discovery-jobs/\(job.id)/results", as: agent).json() as Results).items
            #expect(results.count == 2 && results.allSatisfy { !$0.isAccepted && $0.isFinal && $0.rejectionReason != nil })
            let page = try #require(results.first { $0.extractionMethod == .webScraping })
            let letter = try #require(results.first { $0.extractionMethod == .pdf })
            func decide(_ result: UUID, _ decision: String, as caller: Caller) async throws -> TestResponse {
                try await service.post("/v1/contact-discovery-results/\(result)/\(decision)", ["reason": "an agency of its own"], as: caller)
            }
            for decision in ["accept", "reject"] {
                #expect(try await decide(page.id, decision, as: stranger).status == 404)
                #expect(try await decide(page.id, decision, as: viewer).status == 403)
                #expect(try await decide(.v7(), decision, as: agent).status == 404)
            }
            try await service.listening(to: ContactFound.self) { found in
                let accepted: DiscoveryResult = try await decide(page.id, "accept", as: agent).json()
                #expect(accepted.isAccepted && !accepted.isFinal && accepted.rejectionReason == nil)
                try await eventually { found.events.count == 1 }
                #expect(found.events.first?.resultID == page.id && found.events.first?.sealedData["email"] != nil)
                for decision in ["accept", "reject"] {
                    let again = try await decide(page.id, decision, as: agent)
                    #expect(again.status == 409 && again.problem == "already-accepted")
                }
            }
            try await service.listening(to: ContactResultDecided.self) { decided in
                let rejected: DiscoveryResult = try await decide(letter.id, "reject", as: agent).json()
                #expect(!rejected.isAccepted && rejected.isFinal && rejected.rejectionReason == "an agency of its own")
                try await eventually { decided.events.count == 1 }
                #expect(decided.events.first?.userID == agent.userID && decided.events.first?.reason == "an agency of its own")
            }
        }
    }

    @Test("keeps nothing of whoever does not want to be kept: neither results nor pages that named them, nor what was refused")
    func erasure() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-discovery-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await SampleSite().serve { url, server in
            let settings = ["FILES_PATH": folder, "SCRAPER_ALLOWED_HOSTS": server.description, "SCRAPER_USER_AGENT": "HearthTest/1.0"]
            try await TestService.with(ScraperService.self, settings: settings) { service in
                let agent = Caller.test(agencies: [AgencyMembership(agencyID: .v7(), role: .agent)])
                let body = ScrapeBody(
                    job_type: "listing_scrape", scrape: ["provider": "wg_gesucht", "result_url": url + "/wohnraum-in-Berlin.8.0.1.0.html"])
                let job = try await ended(try await service.post("/v1/contact-discovery-jobs", body, as: agent).json(), service, as: agent)
                let postgres = service.platform.postgres
                let consumer = DiscoveryResultStore(postgres: postgres, seals: ResultSeals(encryption: service.platform.encryption))
                let listing = ContactErased.Listing(provider: "wg_gesucht", providerListingID: "90010002")
                func left(_ sql: SQL) async throws -> Int {
                    try await postgres.transaction(as: ServiceCaller()) { tx in try await tx.value(sql, as: Int.self) ?? 0 }
                }
                let pages: SQL = "SELECT count(*) FROM artifacts WHERE source_url LIKE '%90010002.html'"
                let extractions: SQL = "SELECT count(*) FROM content_extractions WHERE provider_listing_id = '90010002'"
                let copies: SQL = "SELECT count(*) FROM contact_discovery_results WHERE provider_listing_id = '90010002'"
                #expect(try await left(pages) == 1)
                #expect(try await left(extractions) == 1)
                try await postgres.transaction(as: ServiceCaller()) { tx in try await consumer.erasePages(of: listing, in: tx) }
                for rest in [pages, extractions, copies] { #expect(try await left(rest) == 0) }
                #expect(try await left("SELECT count(*) FROM artifacts WHERE source_url LIKE '%.9001000%'") == 5)
                #expect(job.status == .completed)
            }
        }
    }

    @Test("asks for no address twice, though whoever had it died before they read it, and says what was asked for")
    func resumed() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-discovery-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let site = Site()
        try await site.serve { url, server in
            let settings = ["FILES_PATH": folder, "SCRAPER_ALLOWED_HOSTS": server.description, "SCRAPER_USER_AGENT": "HearthTest/1.0"]
            try await TestService.with(ScraperService.self, settings: settings) { service in
                let agent = Caller.test(agencies: [AgencyMembership(agencyID: .v7(), role: .agent)])
                // A document that is larger than any page.
                let body = Body(parameters: ["urls": [url + "/page.html", url + "/large.pdf"]])
                let job = try await ended(try await service.post("/v1/contact-discovery-jobs", body, as: agent).json(), service, as: agent)
                #expect(job.contactsExtracted == 2, "\(job)")
                let fetched = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                    try await tx.execute("UPDATE contact_discovery_items SET status = 'pending' WHERE job_id = \(job.id)")
                    try await tx.execute(
                        """
                        UPDATE contact_discovery_jobs SET status = 'running', completed_at = NULL, claimed_by = \(UUID.v7()),
                            claimed_until = now() - interval '1 second', listings_processed = 0
                        WHERE id = \(job.id)
                        """)
                    return try await tx.value(
                        "SELECT count(*) FROM fetches WHERE discovery_job_id = \(job.id) AND decision = 'fetched' AND url NOT LIKE '%robots.txt'",
                        as: Int.self)
                }
                #expect(fetched == 2)
                let again = try await ended(job, service, as: agent)
                #expect(again.status == .completed && again.contactsExtracted == 4, "\(again)")
                #expect(site.asked.withLock { [$0["/page.html"], $0["/large.pdf"]] } == [1, 1])
            }
        }
    }

    @Test("tells that values were read, of whom and by whom")
    func revealed() async throws {
        try await serving { service, site in
            let agent = Caller.test(agencies: [AgencyMembership(agencyID: .v7(), role: .agent)])
            let created = try await service.post("/v1/contact-discovery-jobs", Body(parameters: ["urls": [site + "/page.html"]]), as: agent)
            let job = try await ended(created.json(), service, as: agent)
            let results: Results = try await service.get("/v1/contact-discovery-jobs/\(job.id)/results", as: agent).json()
            let result = try #require(results.items.first)
            try await service.listening(to: ContactResultRevealed.self) { told in
                _ = try await service.request(.POST, "/v1/contact-discovery-results/\(result.id)/reveal", as: agent)
                try await eventually { told.events.count == 1 }
                #expect(told.events.first?.resultID == result.id && told.events.first?.userID == agent.userID)
                #expect(told.events.first?.fields.contains("email") == true)
            }
        }
    }

    @Test("lets nobody decide on another's results past the routes either")
    func policies() async throws {
        try await serving { service, site in
            let agency = UUID.v7()
            let agent = Caller.test(agencies: [AgencyMembership(agencyID: agency, role: .agent)])
            let body = Body(parameters: ["urls": [site + "/page.html"]], agency_id: agency)
            let job = try await ended(try await service.post("/v1/contact-discovery-jobs", body, as: agent).json(), service, as: agent)
            let matrix: [(String, Caller, Int)] = [
                ("whose job it is", agent, 1), ("an administrator", .test(role: .administrator), 1),
                ("an agent of the agency", .test(agencies: [AgencyMembership(agencyID: agency, role: .agent)]), 1),
                ("a viewer of the agency", .test(agencies: [AgencyMembership(agencyID: agency, role: .viewer)]), 0),
                ("another agency's owner", .test(agencies: [AgencyMembership(agencyID: .v7(), role: .owner)]), 0),
                ("a seeker", .test(), 0), ("a moderator", .test(role: .moderator), 0),
            ]
            for (who, caller, count) in matrix {
                let changed = try await service.platform.postgres.transaction(as: caller) { tx in
                    try await tx.execute("UPDATE contact_discovery_results SET is_final = is_final WHERE job_id = \(job.id)")
                }
                #expect(changed == count, "\(who)")
            }
        }
    }

    @Test("in documents and pages ends with results, whose values come out by /reveal alone, and tells the catalog what is taken")
    func story() async throws {
        try await serving { service, site in
            let agent = Caller.test(agencies: [AgencyMembership(agencyID: .v7(), role: .agent)])
            let body = Body(parameters: ["urls": [site + "/letter.pdf", site + "/page.html", site + "/nobody.html", site + "/gone.html"]])
            let created = try await service.post("/v1/contact-discovery-jobs", body, as: agent)
            #expect(created.status == 201, "\(created.text)")
            let job = try await ended(created.json(), service, as: agent)
            #expect(job.status == .completed && job.currentStage == .done && job.progressPercentage == 100, "\(job)")
            let counts: [Int] = [job.totalItems, job.listingsProcessed, job.contactsExtracted, job.contactsValidated, job.errorsCount]
            #expect(counts == [4, 4, 2, 2, 1])
            #expect(job.estimatedDuration != nil && job.actualDuration != nil && job.errorMessages.count == 1)
            #expect(job.resultData?.failures == ["nothing_found": 1, "gone": 1] && job.resultData?.byMethod == ["pdf": 1, "web_scraping": 1])

            let listed = try await service.get("/v1/contact-discovery-jobs/\(job.id)/results", as: agent)
            let results = (try listed.json() as Results).items
            #expect(results.count == 2 && !listed.text.contains("1234567") && !listed.text.contains("eva@"))
            let letter = try #require(results.first { $0.extractionMethod == .pdf })
            #expect(letter.validationStatus == .valid && letter.isAccepted && letter.fieldMethods["email"] == "plain")
            #expect(results.first { $0.extractionMethod == .webScraping }?.fieldMethods["email"] == "obfuscated")
            let revealed: DiscoveryResultStore.Revealed = try await service.request(
                .POST, "/v1/contact-discovery-results/\(letter.id)/reveal", as: agent
            ).json()
            #expect(revealed.fields["phone"] == "0171 1234567" && revealed.fields["name"] == "Hans Meier")
            let stored = try await service.platform.postgres.batch(
                as: ServiceCaller(), ["SELECT extracted_fields::text AS fields, raw_data::text AS raw FROM contact_discovery_results"])[0]
            for row in stored {
                let text = (try row["fields"] as String) + (try row["raw"] as String)
                #expect(!text.contains("1234567") && !text.contains("Hans") && !text.contains("eva"))
            }
            let report = try await service.get("/v1/contact-discovery-jobs/\(job.id)/report", as: agent)
            #expect(report.status == 200 && report.text.split(separator: "\n").count == 2 && !report.text.contains("1234567"))

            let stranger = Caller.test(agencies: [AgencyMembership(agencyID: .v7(), role: .owner)])
            for path in [
                "/v1/contact-discovery-jobs/\(job.id)", "/v1/contact-discovery-jobs/\(job.id)/results", "/v1/contact-discovery-results/\(letter.id)",
            ] {
                #expect(try await service.get(path, as: stranger).status == 404, "\(path)")
            }
            #expect(try await service.request(.POST, "/v1/contact-discovery-results/\(letter.id)/reveal", as: stranger).status == 404)
            #expect(try await service.request(.POST, "/v1/contact-discovery-jobs/\(job.id)/cancel", as: agent).problem == "job-ended")

            // The catalog's answer, and later its farewell.
            let store = DiscoveryResultStore(postgres: service.platform.postgres, seals: ResultSeals(encryption: service.platform.encryption))
            let (contact, listing) = (UUID.v7(), UUID.v7())
            try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await store.recorded(
                    ContactRecorded(
                        resultID: letter.id, contactID: contact, listingID: listing, userID: nil, outcome: "created", reason: nil,
                        duplicateProbability: 0.4, version: 1), in: tx)
            }
            let final: DiscoveryResult = try await service.get("/v1/contact-discovery-results/\(letter.id)", as: agent).json()
            #expect(
                final.isFinal && final.isAccepted && final.contactID == contact && final.listingID == listing && final.duplicateProbability == 0.4)
            try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in try await store.erased(contact, in: tx) }
            #expect(try await service.get("/v1/contact-discovery-results/\(letter.id)", as: agent).status == 404)

            // Anew, and told anew.
            let again = try await service.post(
                "/v1/contact-discovery-jobs",
                ValidationBody(job_type: "validation", parameters: .init(source_job_id: job.id)), as: agent)
            let validation = try await ended(again.json(), service, as: agent)
            #expect(validation.status == .completed && validation.contactsValidated == 1 && validation.jobType == .validation)
        }
    }

    struct ValidationBody: Encodable {
        struct Parameters: Encodable { var source_job_id: UUID }
        var job_type: String
        var parameters: Parameters
    }

    @Test("tries again what may pass, with a pause, and gives up in the end")
    func retries() async throws {
        try await serving { service, site in
            let moderator = Caller.test(role: .moderator)
            let shaky = try await service.post(
                "/v1/contact-discovery-jobs", Body(max_retries: 3, parameters: ["urls": [site + "/shaky.html"]]), as: moderator)
            let job = try await ended(shaky.json(), service, as: moderator)
            #expect(job.status == .completed && job.contactsExtracted == 1)
            let dead = try await service.post(
                "/v1/contact-discovery-jobs", Body(max_retries: 1, parameters: ["urls": ["http://127.0.0.1:9/x"]]), as: moderator)
            let failed = try await ended(dead.json(), service, as: moderator)
            #expect(failed.status == .failed && failed.retryCount <= 1 && !failed.errorMessages.isEmpty, "\(failed)")
        }
    }

    @Test("is claimed by one of fifty workers, and taken over by one when that one is not heard of for as long as it said")
    func claims() async throws {
        struct Claim: Sendable {
            var worker: UUID
            var job: UUID
        }
        // On the database alone: a service would have workers of its own.
        try await JobRunTests().bench(SampleSite()) { bench, _ in
            let store = DiscoveryJobStore(postgres: bench.postgres)
            let new = DiscoveryJobStore.NewJob(
                type: .contactExtraction, parameters: DiscoveryParameters(urls: ["http://127.0.0.1:9/x"]), maxRetries: 0)
            var jobs: Set<UUID> = []
            for _ in 0..<5 { jobs.insert(try #require(try await store.create(new, as: bench.caller)).id) }
            @Sendable func claimByFifty() async throws -> [Claim] {
                try await withThrowingTaskGroup(of: Claim?.self) { group in
                    for _ in 0..<50 {
                        group.addTask {
                            let worker = UUID.v7()
                            return try await store.claim(by: worker, lease: .seconds(3600)).map { Claim(worker: worker, job: $0.id) }
                        }
                    }
                    return try await group.reduce(into: [Claim]()) { claims, claim in if let claim { claims.append(claim) } }
                }
            }
            let claims = try await claimByFifty()
            #expect(claims.count == 5 && Set(claims.map(\.job)) == jobs)
            let early = try await claimByFifty()
            #expect(early.isEmpty)

            // The last that is heard of a worker.
            let dead = try #require(claims.first)
            let isAlive = try await store.renew(dead.job, by: dead.worker, lease: .seconds(1))
            #expect(isAlive)
            try await Task.sleep(for: .milliseconds(1500))
            let heirs = try await claimByFifty()
            #expect(heirs.map(\.job) == [dead.job])

            let heir = try #require(heirs.first)
            let deadMayGoOn = try await store.renew(dead.job, by: dead.worker, lease: .seconds(60))
            #expect(!deadMayGoOn)
            let heirMayGoOn = try await store.renew(dead.job, by: heir.worker, lease: .seconds(60))
            #expect(heirMayGoOn)
            let seals = ResultSeals(encryption: try Encryption(keys: "test:" + Data(repeating: 7, count: 32).base64EncodedString()))
            let work = DiscoveryWorkStore(postgres: bench.postgres, lease: bench.lease, seals: seals)
            await #expect(throws: JobLost.self) { try await work.enter(.extracting, of: dead.job, by: dead.worker) }
            try await work.enter(.extracting, of: dead.job, by: heir.worker)
            let told = try await bench.sent(ContactDiscoveryStarted.name)
            #expect(told == 5, "whoever takes a job over does not start it")
        }
    }

    @Test("is listed by the saved search that it is for, until that is deleted")
    func savedSearch() async throws {
        try await serving { service, site in
            let agent = Caller.test(agencies: [AgencyMembership(agencyID: .v7(), role: .agent)])
            let (search, other) = (UUID.v7(), UUID.v7())
            @Sendable func start(for search: UUID) async throws -> DiscoveryJob {
                let body = Body(parameters: ["urls": [site + "/page.html"]], search_criteria_id: search)
                return try await ended(try await service.post("/v1/contact-discovery-jobs", body, as: agent).json(), service, as: agent)
            }
            @Sendable func listed(for search: UUID) async throws -> [UUID] {
                let jobs: Jobs = try await service.get("/v1/contact-discovery-jobs?search_criteria_id=\(search)", as: agent).json()
                return jobs.items.map(\.id)
            }
            let (job, kept) = (try await start(for: search), try await start(for: other))
            #expect(job.searchCriteriaID == search)
            let before = try await listed(for: search)
            #expect(before == [job.id])
            try await service.speaking(as: .catalog) { catalog in
                try await catalog.say(SearchDeleted(searchID: search, userID: agent.userID, version: 2))
                try await eventually { try await listed(for: search).isEmpty }
            }
            let after: DiscoveryJob = try await service.get("/v1/contact-discovery-jobs/\(job.id)", as: agent).json()
            #expect(after.searchCriteriaID == nil && after.status == .completed && after.version == job.version + 1)
            let others = try await listed(for: other)
            #expect(others == [kept.id])
        }
    }

    @Test("is cancelled within one source, by whoever may")
    func cancel() async throws {
        try await serving { service, site in
            let agent = Caller.test(agencies: [AgencyMembership(agencyID: .v7(), role: .agent)])
            _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute(
                    """
                    INSERT INTO contact_discovery_jobs (user_id, job_type, next_attempt_at)
                    VALUES (\(agent.userID), 'contact_extraction', now() + interval '1 hour')
                    """)
            }
            let jobs: Jobs = try await service.get("/v1/contact-discovery-jobs?status=pending", as: agent).json()
            let job = try #require(jobs.items.first)
            #expect(try await service.request(.POST, "/v1/contact-discovery-jobs/\(job.id)/cancel", as: .test(role: .moderator)).status == 404)
            let cancelled: DiscoveryJob = try await service.request(.POST, "/v1/contact-discovery-jobs/\(job.id)/cancel", as: agent).json()
            #expect(cancelled.status == .cancelled && cancelled.completedAt != nil)
            #expect(try await service.request(.POST, "/v1/contact-discovery-jobs/\(job.id)/cancel", as: agent).status == 200)
        }
    }

    @Test("in what a scraping job has read waits for its end, and finds whom each listing names, and nobody where none does")
    func listings() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-discovery-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let eva = ["name": "Eva Klein", "email": "eva@klein-beispiel.de"]
        let hans = ["name": "Hans Meier", "phone": "0171 1234567"]
        let pages = [
            try Self.page(
                "wohnungen-in-Berlin-Friedrichshain.90010002.html", in: folder, naming: ["Ansprechpartnerin: Eva Klein", "eva@klein-beispiel.de"]),
            try Self.page(
                "wohnungen-in-Berlin-Prenzlauer-Berg.90010005.html", in: folder, naming: ["Vermieter: Hans Meier", "Telefon: 0171 1234567"]),
        ]
        let site = SampleSite(pages: Dictionary(uniqueKeysWithValues: pages.map { ("/" + $0.lastPathComponent, $0) }))
        try await site.serve { url, server in
            let settings = [
                "FILES_PATH": folder.appendingPathComponent("files").path, "SCRAPER_ALLOWED_HOSTS": server.description,
                "SCRAPER_USER_AGENT": "HearthTest/1.0",
            ]
            try await TestService.with(ScraperService.self, settings: settings) { service in
                let agent = Caller.test(agencies: [AgencyMembership(agencyID: .v7(), role: .agent)])
                let body = ScrapeBody(
                    job_type: "listing_scrape", scrape: ["provider": "wg_gesucht", "result_url": url + "/wohnraum-in-Berlin.8.0.1.0.html"])
                let created = try await service.post("/v1/contact-discovery-jobs", body, as: agent)
                #expect(created.status == 201, "\(created.text)")
                let job = try await ended(created.json(), service, as: agent)
                #expect(
                    job.status == .completed && job.parameters.scrapingJobID != nil && job.totalItems == 5 && job.listingsProcessed == 5, "\(job)")
                #expect(job.contactsExtracted == 2 && job.resultData?.failures == ["nothing_found": 3], "\(job)")
                let results: Results = try await service.get("/v1/contact-discovery-jobs/\(job.id)/results", as: agent).json()
                #expect(results.items.count == 2)
                for (listing, values) in [("90010002", eva), ("90010005", hans)] {
                    let result = try #require(results.items.first { $0.providerListingID == listing })
                    #expect(result.provider == "wg_gesucht" && result.sourceURL?.hasSuffix("\(listing).html") == true)
                    #expect(result.extractionMethod == .webScraping && result.isAccepted)
                    let revealed: DiscoveryResultStore.Revealed = try await service.request(
                        .POST, "/v1/contact-discovery-results/\(result.id)/reveal", as: agent
                    ).json()
                    #expect(revealed.fields == values, "\(listing)")
                }
            }
        }
    }

    /// A page of the sample site, with somebody to turn to at its end.
    private static func page(_ name: String, in folder: URL, naming lines: [String]) throws -> URL {
        let page = try String(contentsOf: Fixtures.site.appendingPathComponent(name), encoding: .utf8)
        let contact = lines.map { "<p>\($0)</p>" }.joined()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent(name)
        try Data(page.replacing("</body>", with: contact + "</body>").utf8).write(to: file)
        return file
    }

    struct ScrapeBody: Encodable {
        var job_type: String
        var scrape: [String: String]
    }

    @Test("needs the right, and parameters that make sense")
    func refused() async throws {
        try await serving { service, site in
            let url = ["urls": [site + "/letter.pdf"]]
            let visitor = try await service.post("/v1/contact-discovery-jobs", Body(parameters: url)).status
            let seeker = try await service.post("/v1/contact-discovery-jobs", Body(parameters: url), as: .test()).status
            #expect(visitor == 401 && seeker == 403)
            let agent = Caller.test(agencies: [AgencyMembership(agencyID: .v7(), role: .agent)])
            let bad: [Body] = [
                Body(parameters: nil), Body(parameters: ["urls": []]), Body(parameters: ["urls": ["file:///etc/passwd"]]),
                Body(parameters: ["artifact_ids": [UUID.v7().uuidString]]), Body(job_type: "validation", parameters: url),
                Body(job_type: "listing_scrape", parameters: url), Body(job_type: "guess", parameters: url), Body(max_retries: 11, parameters: url),
            ]
            for body in bad {
                let status = try await service.post("/v1/contact-discovery-jobs", body, as: agent).status
                #expect(status == 422, "\(body)")
            }
        }
    }
}
