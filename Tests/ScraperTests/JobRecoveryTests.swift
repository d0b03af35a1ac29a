import Contracts
import Files
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

/// Jobs through crashes, passing failures, unchanged pages and second readings.
@Suite("A job's recovery")
struct JobRecoveryTests {
    private let runs = JobRunTests()

    @Test(
        "wherever a copy dies, the next one ends the job: every listing told once, and no stored page asked for again", arguments: 1...8,
        [false, true])
    func crashes(at operation: Int, after: Bool) async throws {
        let site = SampleSite()
        try await runs.bench(site) { bench, url in
            let id = try await bench.create("wg_gesucht", url + "/wohnraum-in-Berlin.8.0.1.0.html").id
            var dying = try bench.copy()
            dying.files = CrashingFileStore(FolderFileStore(root: bench.folder), at: operation, after: after)
            dying.concurrency = 1
            let job = try #require(try await bench.jobs.claim(by: dying.worker, lease: bench.lease))
            await dying.run(job)
            await dying.fetcher.shutdown()
            let stored = Set(
                try await bench.pages.list(id, status: nil, after: nil, limit: 100, as: bench.caller).filter { $0.artifactID != nil }.map(\.url))
            let asked = site.requests
            _ = try await bench.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("UPDATE scraping_jobs SET claimed_until = now() - interval '1 second' WHERE id = \(id)")
            }
            try await bench.run()
            let ended = try await bench.job(id)
            #expect(ended.status == .completed)
            #expect(ended.counts == [6, 5, 1])
            let again = site.requests.dropFirst(asked.count).map { url + $0 }
            #expect(stored.isDisjoint(with: again), "a page that was stored was fetched again")
            #expect(Set(again.filter { !$0.hasSuffix("robots.txt") }).count == again.count { !$0.hasSuffix("robots.txt") })
            let told = try await bench.sent("scraper.listing.read.v1")
            #expect(told == 5)
            let ends = try await bench.sent("scraper.job.ended.v1")
            #expect(ends == 1)
        }
    }

    @Test("a page that fails for a passing reason is tried again later, while nobody holds the job")
    func passing() async throws {
        let failures = Mutex(2)
        @Sendable func site() -> Router<BasicRequestContext> {
            let router = Router(context: BasicRequestContext.self)
            router.get("search/list") { _, _ in
                Response(
                    status: .ok, headers: [.contentType: "application/json"],
                    body: .init(byteBuffer: ByteBuffer(string: #"{"resultListItems":[{"type":"EXPOSE_RESULT","item":{"id":"90020001"}}]}"#)))
            }
            router.get("expose/:id") { _, _ -> Response in
                let isBusy = failures.withLock {
                    $0 -= 1
                    return $0 >= 0
                }
                guard !isBusy else { return Response(status: .serviceUnavailable) }
                let file = try Data(contentsOf: Fixtures.site.appendingPathComponent("expose/90020001.json"))
                return Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(bytes: file)))
            }
            return router
        }
        try await runs.bench(SampleSite()) { bench, _ in
            try await SiteServer.serve(site()) { port in
                var own = bench
                own.server = try #require(HostPort("127.0.0.1:\(port)"))
                own.retryDelay = .seconds(1)
                own.tries = 0
                let id = try await own.create("immoscout", "http://127.0.0.1:\(port)/search/list").id
                try await own.run()
                let resting = try await own.job(id)
                #expect(resting.status == .running && resting.counts == [1, 0, 0])
                try await eventually {
                    try await own.run()
                    return try await own.job(id).completedAt != nil
                }
                let ended = try await own.job(id)
                #expect(ended.status == .completed && ended.counts == [1, 1, 0])
                let fetches = try await FetchStore(postgres: own.postgres).list(id, after: nil, limit: 100, as: own.caller)
                #expect(fetches.count { $0.decision == .failed && $0.httpStatus == 503 } == 2)
                #expect(fetches.count { $0.decision == .fetched && $0.httpStatus == 200 } == 2)
            }
        }
    }

    @Test("a site that wants to be left alone for an hour is: its other pages are not asked for meanwhile, and that is no failure of theirs")
    func leftAlone() async throws {
        let asked = Mutex(0)
        @Sendable func site() -> Router<BasicRequestContext> {
            let router = Router(context: BasicRequestContext.self)
            router.get("search/list") { _, _ in
                let items = (1...3).map { #"{"type":"EXPOSE_RESULT","item":{"id":"9002000\#($0)"}}"# }.joined(separator: ",")
                return Response(
                    status: .ok, headers: [.contentType: "application/json"],
                    body: .init(byteBuffer: ByteBuffer(string: #"{"resultListItems":[\#(items)]}"#)))
            }
            router.get("expose/:id") { _, _ -> Response in
                asked.withLock { $0 += 1 }
                return Response(status: .tooManyRequests, headers: [.retryAfter: "3600"])
            }
            return router
        }
        try await runs.bench(SampleSite()) { bench, _ in
            try await SiteServer.serve(site()) { port in
                var own = bench
                own.server = try #require(HostPort("127.0.0.1:\(port)"))
                own.retryDelay = .seconds(1)
                let id = try await own.create("immoscout", "http://127.0.0.1:\(port)/search/list").id
                try await own.run()
                #expect(asked.withLock { $0 } == 1)
                let next = try #require(try await own.pages.nextRetry(id, kind: .listing))
                #expect(next.timeIntervalSinceNow > 3500)
                let attempts = try await own.postgres.transaction(as: ServiceCaller()) { tx in
                    try await tx.rows("SELECT attempts FROM scraping_pages WHERE job_id = \(id) AND kind = 'listing' ORDER BY attempts")
                        .map { try $0["attempts"] as Int }
                }
                #expect(attempts == [0, 0, 1])
                let resting = try await own.job(id)
                #expect(resting.status == .running && resting.counts == [3, 0, 0])
            }
        }
    }

    @Test("a page whose reading never ended is left alone, and the job goes on without it")
    func poison() async throws {
        try await runs.bench(SampleSite()) { bench, url in
            let id = try await bench.create("wg_gesucht", url + "/wohnraum-in-Berlin.8.0.1.0.html").id
            try await bench.run()
            guard case .created(let replay) = try await bench.jobs.replay(id, as: bench.caller) else {
                Issue.record("the job was not made")
                return
            }
            let begun = try await bench.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute(
                    """
                    UPDATE scraping_pages SET readings = \(JobSettings.mostReadings) WHERE job_id = \(replay.id) AND url LIKE '%90010002.html'
                    """)
                return try await tx.value("SELECT min(readings) FROM scraping_pages WHERE job_id = \(id)", as: Int.self)
            }
            #expect(begun == 1)
            try await bench.run()
            let ended = try await bench.job(replay.id)
            #expect(ended.status == .completed && ended.counts == [6, 4, 2])
        }
    }

    @Test("a job that is interrupted again and again without coming further fails, later each time")
    func hopeless() async throws {
        try await runs.bench(SampleSite()) { bench, url in
            let id = try await bench.create("wg_gesucht", url + "/wohnraum-in-Berlin.8.0.1.0.html").id
            var pauses: [Double] = []
            for _ in 0...JobSettings.mostClaims {
                var copy = try bench.copy()
                copy.files = CrashingFileStore(FolderFileStore(root: bench.folder), at: 0, after: false)
                let job = try #require(try await bench.jobs.claim(by: copy.worker, lease: bench.lease))
                await copy.run(job)
                await copy.fetcher.shutdown()
                try await bench.postgres.transaction(as: ServiceCaller()) { tx in
                    let pause = try await tx.value(
                        "SELECT extract(epoch FROM claimed_until - now())::float8 FROM scraping_jobs WHERE id = \(id)", as: Double.self)
                    if let pause { pauses.append(pause) }
                    _ = try await tx.execute("UPDATE scraping_jobs SET claimed_until = now() - interval '1 second' WHERE status = 'running'")
                }
            }
            let ended = try await bench.job(id)
            #expect(ended.status == .failed && ended.errorMessage?.contains("came no further") == true)
            #expect(pauses == pauses.sorted() && (pauses.last ?? 0) > 2 * (pauses.first ?? 0))
        }
    }

    @Test("a page that has not changed is not sent again, and is read all the same")
    func unchanged() async throws {
        let sent = Mutex((whole: 0, unchanged: 0))
        @Sendable func site() -> Router<BasicRequestContext> {
            let router = Router(context: BasicRequestContext.self)
            router.get("**") { request, _ -> Response in
                let path = String(request.uri.path.dropFirst())
                let files = ["", ".html", ".json"].map { Fixtures.site.appendingPathComponent(path + $0) }
                guard let file = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }), path != "robots.txt", !path.isEmpty else {
                    return Response(status: .notFound)
                }
                let etag = "\"v1-\(path.count)\""
                if request.headers[.ifNoneMatch] == etag {
                    sent.withLock { $0.unchanged += 1 }
                    return Response(status: .notModified)
                }
                sent.withLock { $0.whole += 1 }
                return Response(
                    status: .ok, headers: [.contentType: "text/html; charset=utf-8", .eTag: etag, .lastModified: "Sun, 06 Nov 2026 08:49:37 GMT"],
                    body: .init(byteBuffer: ByteBuffer(bytes: try Data(contentsOf: file))))
            }
            return router
        }
        try await runs.bench(SampleSite()) { bench, _ in
            try await SiteServer.serve(site()) { port in
                var own = bench
                own.server = try #require(HostPort("127.0.0.1:\(port)"))
                let address = "http://127.0.0.1:\(port)/wohnraum-in-Berlin.8.0.1.0.html"
                let first = try await own.create("wg_gesucht", address).id
                try await own.run()
                #expect(sent.withLock { $0 } == (7, 0))
                let second = try await own.create("wg_gesucht", address).id
                try await own.run()
                #expect(sent.withLock { $0 } == (7, 7))
                let jobs = [try await own.job(first), try await own.job(second)]
                #expect(jobs.map(\.counts) == [[6, 5, 1], [6, 5, 1]])
                let told = try await own.sent("scraper.listing.read.v1")
                #expect(told == 10)
                let fetches = try await FetchStore(postgres: own.postgres).list(second, after: nil, limit: 100, as: own.caller)
                #expect(fetches.count { $0.decision == .notModified } == 7)
                // What is gone from the store is asked for whole.
                try FileManager.default.removeItem(atPath: own.folder)
                let third = try await own.create("wg_gesucht", address).id
                try await own.run()
                let whole = sent.withLock { $0.whole }
                #expect(whole == 14)
                let counts = try await own.job(third).counts
                #expect(counts == [6, 5, 1])
            }
        }
    }

    @Test("what was fetched is read again without fetching, and told only where nothing newer was read")
    func replay() async throws {
        let site = SampleSite()
        try await runs.bench(site) { bench, url in
            let first = try await bench.create("wg_gesucht", url + "/wohnraum-in-Berlin.8.0.1.0.html").id
            try await bench.run()
            let asked = site.requests.count
            guard case .created(let replay) = try await bench.jobs.replay(first, as: bench.caller) else {
                Issue.record("the job was not made")
                return
            }
            #expect(replay.jobType == JobSettings.replayType && replay.totalItems == 6)
            try await bench.run()
            let ended = try await bench.job(replay.id)
            #expect(ended.status == .completed && ended.counts == [6, 5, 1])
            #expect(site.requests.count == asked)
            let told = try await bench.sent("scraper.listing.read.v1")
            #expect(told == 10)

            _ = try await bench.create("wg_gesucht", url + "/wohnraum-in-Berlin.8.0.1.0.html").id
            try await bench.run()
            let before = try await bench.sent("scraper.listing.read.v1")
            guard case .created(let late) = try await bench.jobs.replay(first, as: bench.caller) else {
                Issue.record("the job was not made")
                return
            }
            try await bench.run()
            let lateEnd = try await bench.job(late.id)
            #expect(lateEnd.counts == [6, 5, 1])
            let after = try await bench.sent("scraper.listing.read.v1")
            #expect(after == before, "an old page was told after a newer one")
            let extractions: Int? = try await bench.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.value(
                    "SELECT count(*)::int FROM content_extractions WHERE extraction_type = 'listing' AND provider_listing_id IS NOT NULL")
            }
            #expect(extractions == 20)
        }
    }

    @Test("files go a day after their last name, and not before")
    func collected() async throws {
        try await runs.bench(SampleSite()) { bench, url in
            let address = url + "/wohnraum-in-Berlin.8.0.1.0.html"
            let (first, second) = (try await bench.create("wg_gesucht", address).id, try await bench.create("wg_gesucht", address).id)
            try await bench.run()
            try await bench.run()
            let files = FolderFileStore(root: bench.folder)
            let orphans = FileOrphanStore(postgres: bench.postgres, files: files)
            let paths = try await bench.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.rows("SELECT DISTINCT storage_path FROM artifacts").map { try $0["storage_path"] as String }
            }
            func count() async throws -> Int {
                var count = 0
                for path in paths where try await files.exists(path) { count += 1 }
                return count
            }
            func delete(_ job: UUID) async throws {
                _ = try await bench.postgres.transaction(as: ServiceCaller()) { tx in
                    try await tx.execute("DELETE FROM scraping_jobs WHERE id = \(job)")
                }
            }
            try await delete(first)
            _ = try await orphans.collect(atMost: 100, orphanedFor: .zero)
            #expect(try await count() == 7, "the other job names them")
            try await delete(second)
            let early = try await orphans.collect(atMost: 100, orphanedFor: .seconds(86_400))
            #expect(early == 0)
            let late = try await orphans.collect(atMost: 100, orphanedFor: .zero)
            #expect(late == 7)
            #expect(try await count() == 0)
        }
    }

    @Test("strangers replay nothing, and a job without pages is nothing to read")
    func nothingToReplay() async throws {
        try await runs.bench(SampleSite()) { bench, url in
            let id = try await bench.create("wg_gesucht", url + "/nowhere").id
            guard case .nothing = try await bench.jobs.replay(id, as: bench.caller) else {
                Issue.record("a job without pages was replayed")
                return
            }
            guard case .notFound = try await bench.jobs.replay(id, as: .test(agencies: [AgencyMembership(agencyID: .v7(), role: .owner)])) else {
                Issue.record("a stranger's job was replayed")
                return
            }
        }
    }
}
