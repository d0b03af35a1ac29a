import Contracts
import Files
import Foundation
import Hummingbird
import Logging
import NIOCore
import Outbound
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Scraper

/// Jobs on the real database, without a broker: what would be sent is seen in the outbox.
@Suite("A job's run")
struct JobRunTests {
    struct Bench: Sendable {
        let postgres: Postgres
        let folder: String
        var server: HostPort
        let caller = Caller.test(role: .moderator)
        var lease = Duration.seconds(60)
        var retryDelay = Duration.seconds(30)
        /// Further tries within one fetch.
        var tries = 3
        /// Pictures of a listing that are looked at.
        var mostPictures = 0

        var jobs: JobStore { JobStore(postgres: postgres) }
        var pages: PageStore { PageStore(postgres: postgres, lease: lease, retryDelay: retryDelay) }

        /// A copy of the worker, with a name and connections of its own.
        func copy() throws -> JobRun {
            let fetcher = Fetcher(
                FetchSettings(userAgent: "HearthTest/1.0", retries: tries, backoff: .milliseconds(5)), addresses: AddressGuard(allowed: [server]))
            return JobRun(
                jobs: jobs, pages: pages, artifacts: ArtifactStore(postgres: postgres), files: FolderFileStore(root: folder),
                fetches: FetchStore(postgres: postgres), fetcher: fetcher,
                pictures: ListingPictures(store: PictureStore(postgres: postgres), fetcher: fetcher, most: mostPictures),
                encryption: try Encryption(keys: "test:" + Data(repeating: 7, count: 32).base64EncodedString()),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, worker: UUID(), lease: lease)
        }

        func create(_ provider: String, _ url: String, maxPages: Int = 1, schedule: String? = nil) async throws -> ScrapingJob {
            let settings = JobSettings(provider: provider, resultURL: try #require(URL(string: url)), maxPages: maxPages)
            let job = JobStore.NewJob(title: "Probe", keywords: ["probe"], settings: settings, schedule: schedule.flatMap { Schedule($0) })
            return try await jobs.create(job, as: caller)
        }

        /// Claims and runs one job to its end.
        func run() async throws {
            let copy = try copy()
            if let job = try await jobs.claim(by: copy.worker, lease: lease) { await copy.run(job) }
            await copy.fetcher.shutdown()
        }

        func job(_ id: UUID) async throws -> ScrapingJob { try #require(try await jobs.find(id, as: caller)) }

        func sent(_ type: String) async throws -> Int {
            try await postgres.value("SELECT count(*)::int FROM outbox WHERE type = \(type)") ?? 0
        }

        func failures(_ job: UUID) async throws -> [String: PageProblem.Reason] {
            let pages = try await pages.list(job, status: .failed, after: nil, limit: 100, as: caller)
            return Dictionary(uniqueKeysWithValues: pages.compactMap { page in page.reason.map { (page.url, $0) } })
        }
    }

    func bench(_ site: SampleSite, lease: Duration = .seconds(60), _ body: @escaping @Sendable (Bench, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-scraper-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await TestSchema(logger: TestDatabase.logger).with(.scraper) { url, _ in
            try await TestDatabase.running(PostgresConfiguration(url: url, maximumConnections: 4, schema: "scraper")) { postgres in
                try await site.serve { address, server in
                    try await body(Bench(postgres: postgres, folder: folder, server: server, lease: lease), address)
                }
            }
        }
    }

    @Test("reads every offer of a result page, and goes on past the one that is broken")
    func wgGesucht() async throws {
        let site = SampleSite()
        try await bench(site) { bench, url in
            let id = try await bench.create("wg_gesucht", url + "/wohnraum-in-Berlin.8.0.1.0.html").id
            try await bench.run()
            let job = try await bench.job(id)
            #expect(job.status == .completed)
            #expect(job.totalItems == 6)
            #expect(job.processedItems == 5)
            #expect(job.failedItems == 1)
            #expect(job.progress == 100)
            let failures = try await bench.failures(id)
            #expect(failures == [url + "/wohnungen-in-Berlin-Lichtenberg.90010006.html": .unreadable])
            let artifacts = try await ArtifactStore(postgres: bench.postgres).list(job: id, after: nil, limit: 100, as: bench.caller)
            #expect(artifacts.count == 7)
            #expect(artifacts.contains { $0.title == "Zwei Zimmer mit Balkon nahe Boxhagener Platz" && $0.tags == ["wg_gesucht", "listing"] })
            let listingsSent = try await bench.sent("scraper.listing.read.v1")
            #expect(listingsSent == 5)
            let failuresSent = try await bench.sent("scraper.page.failed.v1")
            #expect(failuresSent == 1)
            let startsSent = try await bench.sent("scraper.job.started.v1")
            #expect(startsSent == 1)
            let endsSent = try await bench.sent("scraper.job.ended.v1")
            #expect(endsSent == 1)
            #expect(site.requests.count { $0 == "/robots.txt" } == 1)
        }
    }

    @Test("says where it stopped, and which result pages it could not have")
    func stopped() async throws {
        @Sendable func site() -> Router<BasicRequestContext> {
            let router = Router(context: BasicRequestContext.self)
            router.get("search/list") { request, _ -> Response in
                let page = request.uri.queryParameters["pagenumber"].flatMap { Int($0) } ?? 1
                guard page < 3 else { return Response(status: .notFound) }
                let body = #"{"pageNumber":\#(page),"numberOfPages":9,"resultListItems":[{"type":"EXPOSE_RESULT","item":{"id":"9002000\#(page)"}}]}"#
                return Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: body)))
            }
            router.get("expose/:id") { _, _ -> Response in
                let file = try Data(contentsOf: Fixtures.site.appendingPathComponent("expose/90020001.json"))
                return Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(bytes: file)))
            }
            return router
        }
        try await bench(SampleSite()) { bench, _ in
            try await SiteServer.serve(site()) { port in
                var own = bench
                own.server = try #require(HostPort("127.0.0.1:\(port)"))
                let few = try await own.create("immoscout", "http://127.0.0.1:\(port)/search/list?pagenumber=1", maxPages: 2)
                try await own.run()
                let stopped = try await own.job(few.id)
                #expect(stopped.status == .completed && stopped.totalItems == 2)
                #expect(stopped.errorMessage == "stopped after 2 result pages, as it was told: the site has more")
                let all = try await own.create("immoscout", "http://127.0.0.1:\(port)/search/list?pagenumber=1", maxPages: 9)
                try await own.run()
                let lacking = try await own.job(all.id)
                #expect(lacking.status == .completed && lacking.errorMessage == "1 of the result pages: http_status")
            }
        }
    }

    @Test("records a bot wall, and seals contacts before they leave")
    func immoScout() async throws {
        try await bench(SampleSite()) { bench, url in
            let id = try await bench.create("immoscout", url + "/search/list").id
            try await bench.run()
            let job = try await bench.job(id)
            #expect(job.status == .completed)
            #expect(job.counts == [5, 4, 1])
            let failures = try await bench.failures(id)
            #expect(failures == [url + "/expose/90020005": .botWall])
            #expect(job.errorMessage == "1 of the listing pages: bot_wall")
            let bodies = try await bench.postgres.rows("SELECT body FROM outbox WHERE type = 'scraper.listing.read.v1'")
            for row in bodies {
                let body: String = try row["body"]
                #expect(body.contains("contact_phone_sealed"))
                #expect(!body.contains("23125") && !body.contains("66969"))
            }
        }
    }

    @Test("what another server says is not taken for the provider's word, though the provider may have sent there")
    func forged() async throws {
        try await bench(SampleSite()) { bench, url in
            let id = try await bench.create("immoscout", url + "/search/list").id
            try await bench.run()
            guard case .created(let replay) = try await bench.jobs.replay(id, as: bench.caller) else {
                Issue.record("the job was not made")
                return
            }
            _ = try await bench.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute(
                    """
                    UPDATE scraping_pages SET final_url = 'https://forger.example/expose/90020001'
                    WHERE job_id = \(replay.id) AND url LIKE '%/90020001'
                    """)
            }
            let before = try await bench.job(id).processedItems
            try await bench.run()
            let after = try await bench.job(replay.id)
            #expect(after.processedItems == before - 1)
            let failures = try await bench.failures(replay.id)
            #expect(failures[url + "/expose/90020001"] == .unreadable)
        }
    }

    @Test(
        "fails only when the result page itself gives nothing",
        arguments: [("/nowhere", "http_status"), ("/expose/90020005", "bot_wall"), ("/mein-konto/x", "robots_disallowed")])
    func nothing(path: String, reason: String) async throws {
        try await bench(SampleSite()) { bench, url in
            let id = try await bench.create("immoscout", url + path).id
            try await bench.run()
            let job = try await bench.job(id)
            #expect(job.status == .failed)
            #expect(job.errorMessage?.hasPrefix(reason) == true)
            let endsSent = try await bench.sent("scraper.job.ended.v1")
            #expect(endsSent == 1)
        }
    }

    @Test("goes on where a stopped copy left off, and asks for no page twice")
    func resumes() async throws {
        let site = SampleSite(delay: .milliseconds(30))
        try await bench(site) { bench, url in
            let id = try await bench.create("wg_gesucht", url + "/wohnraum-in-Berlin.8.0.1.0.html").id
            let first = try bench.copy()
            let job = try #require(try await bench.jobs.claim(by: first.worker, lease: bench.lease))
            let running = Task { await first.run(job) }
            while site.requests.count < 4 { try await Task.sleep(for: .milliseconds(5)) }
            running.cancel()
            await running.value
            await first.fetcher.shutdown()
            let status = try await bench.job(id).status
            #expect(status == .running)
            try await bench.run()
            let ended = try await bench.job(id)
            #expect(ended.status == .completed)
            #expect(ended.counts == [6, 5, 1])
            let asked = site.requests.filter { $0 != "/robots.txt" }
            #expect(asked.count == 7)
            #expect(Set(asked).count == 7)
            let listingsSent = try await bench.sent("scraper.listing.read.v1")
            #expect(listingsSent == 5)
            let startsSent = try await bench.sent("scraper.job.started.v1")
            #expect(startsSent == 1)
        }
    }

    @Test("a copy that was given up for dead can change nothing any more")
    func fencing() async throws {
        try await bench(SampleSite(), lease: .zero) { bench, url in
            let id = try await bench.create("wg_gesucht", url + "/wohnraum-in-Berlin.8.0.1.0.html").id
            let dead = try bench.copy()
            let late = try #require(try await bench.jobs.claim(by: dead.worker, lease: .zero))
            let heir = try bench.copy()
            _ = try #require(try await bench.jobs.claim(by: heir.worker, lease: .seconds(60)))
            await dead.run(late)
            let found = try await bench.job(id).totalItems
            #expect(found == 0)
            let deadMayGoOn = try await bench.jobs.renew(id, by: dead.worker, lease: .seconds(60))
            #expect(!deadMayGoOn)
            let heirMayGoOn = try await bench.jobs.renew(id, by: heir.worker, lease: .seconds(60))
            #expect(heirMayGoOn)
            await dead.fetcher.shutdown()
            await heir.fetcher.shutdown()
        }
    }

    @Test("two copies never claim one job")
    func oneClaim() async throws {
        try await bench(SampleSite()) { bench, url in
            for _ in 0..<5 { _ = try await bench.create("immoscout", url + "/search/list") }
            let claimed = try await withThrowingTaskGroup(of: UUID?.self) { group in
                for _ in 0..<12 { group.addTask { try await bench.jobs.claim(by: UUID(), lease: .seconds(60))?.id } }
                return try await group.reduce(into: [UUID]()) { list, id in if let id { list.append(id) } }
            }
            #expect(claimed.count == 5)
            #expect(Set(claimed).count == 5)
        }
    }

    @Test("a cancelled job stops within a page")
    func cancelled() async throws {
        let site = SampleSite(delay: .milliseconds(30))
        try await bench(site) { bench, url in
            let id = try await bench.create("wg_gesucht", url + "/wohnraum-in-Berlin.8.0.1.0.html").id
            async let run: Void = bench.run()
            while site.requests.count < 3 { try await Task.sleep(for: .milliseconds(5)) }
            guard case .cancelled(let job) = try await bench.jobs.cancel(id, version: nil, as: bench.caller) else {
                Issue.record("the job was not cancelled")
                return
            }
            #expect(job.status == .cancelled)
            try await run
            #expect(site.requests.count < 7)
            let status = try await bench.job(id).status
            #expect(status == .cancelled)
            let endsSent = try await bench.sent("scraper.job.ended.v1")
            #expect(endsSent == 1)
        }
    }

    @Test("the clock starts a due job once, however many copies look")
    func schedule() async throws {
        try await bench(SampleSite()) { bench, url in
            let id = try await bench.create("immoscout", url + "/search/list", schedule: "hourly").id
            let early = try await bench.jobs.startDue()
            #expect(early == 0)
            try await bench.run()
            _ = try await bench.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("UPDATE scraping_jobs SET next_run_at = now() - interval '3 hours' WHERE id = \(id)")
            }
            let started = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await bench.jobs.startDue() } }
                return try await group.reduce(0, +)
            }
            #expect(started == 1)
            let jobs = try await bench.jobs.list(status: .pending, after: nil, limit: 10, as: bench.caller)
            let child = try #require(jobs.first)
            #expect(child.parentID == id)
            #expect(child.configuration["result_url"] == url + "/search/list")
            #expect(child.configuration["schedule"] == nil)
            let isAhead = try await bench.job(id).nextRunAt.map { $0 > Date() }
            #expect(isAhead == true)
        }
    }

    @Test("real result pages lead to their offers, and the ones that are gone are recorded", .onRealData)
    func realPages() async throws {
        let data = try #require(Fixtures.realData)
        let pages = [
            "/wg-zimmer-in-Duesseldorf.30.0.1.0.html": "wgGesucht.html",
            "/wg-zimmer-in-Duesseldorf-Derendorf.13793538.html": "wgGesucht_detail.html",
            "/search/list": "immoscout_list.json", "/expose/168963883": "immoscout_detail.json", "/expose/168961770": "fh_IS24-response.html",
        ]
        try await bench(SampleSite(pages: pages.mapValues { data.appendingPathComponent($0) })) { bench, url in
            let rooms = try await bench.create("wg_gesucht", url + "/wg-zimmer-in-Duesseldorf.30.0.1.0.html", maxPages: 5).id
            let flats = try await bench.create("immoscout", url + "/search/list?pagenumber=1").id
            try await bench.run()
            try await bench.run()
            let room = try await bench.job(rooms)
            #expect(room.counts == [26, 1, 25])
            let flat = try await bench.job(flats)
            #expect(flat.counts == [50, 1, 49])
            #expect(flat.status == .completed)
            let wall = try await bench.failures(flats)[url + "/expose/168961770"]
            #expect(wall == .botWall)
        }
    }

    @Test(
        "schedules", arguments: [("hourly", 3600), ("daily", 86_400), ("weekly", 604_800), ("PT30M", 1800), ("P1DT12H", 129_600), ("P2W", 1_209_600)])
    func schedules(text: String, seconds: Int) {
        #expect(Schedule(text)?.seconds == seconds)
    }

    @Test("no schedules", arguments: ["", "P", "PT", "PT1M", "P2Y", "monthly", "P9999D", "1h", "PT-30M"])
    func noSchedules(text: String) {
        #expect(Schedule(text) == nil)
    }
}
