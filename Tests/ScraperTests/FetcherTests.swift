import Foundation
import Hummingbird
import NIOCore
import Outbound
import Synchronization
import Testing

@testable import Scraper

@Suite("Fetching")
struct FetcherTests {
    /// What the server was asked, in order.
    final class Log: Sendable {
        private let paths = Mutex<[String]>([])
        func add(_ path: String) { paths.withLock { $0.append(path) } }
        func count(_ path: String) -> Int { paths.withLock { $0.count { $0 == path } } }
    }

    func settings(_ change: (inout FetchSettings) -> Void = { _ in }) -> FetchSettings {
        var settings = FetchSettings(userAgent: "Hearth/1.0 (+https://hearth.example/robot)")
        settings.backoff = .milliseconds(5)
        change(&settings)
        return settings
    }

    /// Serves `router` on a free port and hands a fetcher that may fetch from it.
    func serving(
        _ site: (router: Router<BasicRequestContext>, log: Log), _ settings: FetchSettings? = nil, allowed: Bool = true,
        _ body: @escaping @Sendable (Fetcher, String, Log) async throws -> Void
    ) async throws {
        try await SiteServer.serve(site.router) { [log = site.log] port in
            let fetcher = Fetcher(
                settings ?? self.settings(), addresses: AddressGuard(allowed: Set(allowed ? [HostPort("127.0.0.1:\(port)")].compactMap(\.self) : [])))
            do { try await body(fetcher, "http://127.0.0.1:\(port)", log) } catch {
                await fetcher.shutdown()
                throw error
            }
            await fetcher.shutdown()
        }
    }

    struct LogMiddleware: RouterMiddleware {
        typealias Context = BasicRequestContext
        let log: Log
        func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
            log.add(request.uri.path)
            return try await next(request, context)
        }
    }

    func router(robots: String? = nil, _ add: (Router<BasicRequestContext>) -> Void) -> (router: Router<BasicRequestContext>, log: Log) {
        let router = Router(context: BasicRequestContext.self)
        let log = Log()
        router.add(middleware: LogMiddleware(log: log))
        if let robots { router.get("robots.txt") { _, _ in robots } }
        add(router)
        return (router, log)
    }

    func problem(_ fetcher: Fetcher, _ url: String) async throws -> PageProblem? {
        let url = try #require(URL(string: url))
        return await #expect(throws: PageProblem.self) { try await fetcher.fetch(url) }
    }

    func expectProblem(_ reason: PageProblem.Reason, _ fetcher: Fetcher, _ url: String, status: Int? = nil) async throws {
        let problem = try await problem(fetcher, url)
        #expect(problem?.reason == reason)
        if let status { #expect(problem?.httpStatus == status) }
    }

    @Test("says who it is, and gives the page with its type")
    func plain() async throws {
        let router = router { $0.get("a") { request, _ in request.headers[.userAgent] ?? "" } }
        try await serving(router) { fetcher, site, log in
            let page = try await fetcher.fetch(#require(URL(string: site + "/a")))
            #expect(String(decoding: page.bytes, as: UTF8.self) == "Hearth/1.0 (+https://hearth.example/robot)")
            #expect(page.mimeType == "text/plain")
            #expect(log.count("/robots.txt") == 1)
        }
    }

    @Test("what robots.txt forbids is not asked for, and the file is read once")
    func robots() async throws {
        let router = router(robots: "User-agent: *\nDisallow: /private") { router in
            router.get("private") { _, _ in "x" }
            router.get("public") { _, _ in "x" }
        }
        try await serving(router) { fetcher, site, log in
            try await expectProblem(.robotsDisallowed, fetcher, site + "/private")
            _ = try await fetcher.fetch(#require(URL(string: site + "/public")))
            #expect(log.count("/private") == 0)
            #expect(log.count("/robots.txt") == 1)
        }
    }

    @Test("an unreachable robots.txt forbids everything")
    func brokenRobots() async throws {
        let router = router { router in
            router.get("robots.txt") { _, _ -> HTTPResponse.Status in .serviceUnavailable }
            router.get("a") { _, _ in "x" }
        }
        try await serving(router, settings { $0.retries = 0 }) { fetcher, site, log in
            try await expectProblem(.robotsDisallowed, fetcher, site + "/a")
            #expect(log.count("/a") == 0)
        }
    }

    @Test("redirects are followed five times, and each target is asked for in robots.txt")
    func redirects() async throws {
        let router = router(robots: "User-agent: *\nDisallow: /private") { router in
            router.get("hop/:n") { _, context in
                let n = try context.parameters.require("n", as: Int.self)
                return n == 0 ? Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "end"))) : Response.redirect(to: "/hop/\(n - 1)")
            }
            router.get("loop") { _, _ in Response.redirect(to: "/loop") }
            router.get("sneak") { _, _ in Response.redirect(to: "/private") }
            router.get("away") { _, _ in Response.redirect(to: "file:///etc/passwd") }
        }
        try await serving(router) { fetcher, site, log in
            let page = try await fetcher.fetch(#require(URL(string: site + "/hop/5")))
            #expect(page.url.path() == "/hop/0")
            try await expectProblem(.httpStatus, fetcher, site + "/hop/6")
            try await expectProblem(.httpStatus, fetcher, site + "/loop")
            #expect(log.count("/loop") == 6)
            try await expectProblem(.robotsDisallowed, fetcher, site + "/sneak")
            try await expectProblem(.network, fetcher, site + "/away")
        }
    }

    @Test("a private address is refused before a single request, also behind a redirect")
    func privateAddress() async throws {
        let router = router { router in
            router.get("a") { _, _ in "x" }
            router.get("metadata") { _, _ in Response.redirect(to: "http://169.254.169.254/latest/meta-data") }
        }
        try await serving(router, allowed: false) { fetcher, site, log in
            try await expectProblem(.network, fetcher, site + "/a")
            #expect(log.count("/robots.txt") == 0)
        }
        let second = self.router { $0.get("metadata") { _, _ in Response.redirect(to: "http://169.254.169.254/latest/meta-data") } }
        try await serving(second) { fetcher, site, _ in
            try await expectProblem(.network, fetcher, site + "/metadata")
        }
    }

    @Test("a page over the limit is dropped, stated or not")
    func tooLarge() async throws {
        let router = router { router in
            router.get("stated") { _, _ in String(repeating: "x", count: 5000) }
            router.get("endless") { _, _ in
                Response(
                    status: .ok,
                    body: .init { writer in
                        for _ in 0..<10_000 { try await writer.write(ByteBuffer(repeating: 0x78, count: 1000)) }
                        try await writer.finish(nil)
                    }
                )
            }
        }
        try await serving(router, settings { $0.mostBytes = 4096 }) { fetcher, site, _ in
            try await expectProblem(.tooLarge, fetcher, site + "/stated")
            try await expectProblem(.tooLarge, fetcher, site + "/endless")
        }
    }

    @Test("a server that never ends its answer is a time-out")
    func slow() async throws {
        let router = router { router in
            router.get("slow") { _, _ in
                Response(
                    status: .ok,
                    body: .init { writer in
                        for _ in 0..<600 {
                            try await writer.write(ByteBuffer(string: "."))
                            try await Task.sleep(for: .milliseconds(50))
                        }
                        try await writer.finish(nil)
                    }
                )
            }
        }
        try await serving(
            router,
            settings {
                $0.timeout = .seconds(3)
                $0.retries = 0
            }
        ) { fetcher, site, _ in
            try await expectProblem(.timeout, fetcher, site + "/slow")
        }
    }

    @Test("a failure that may pass is tried again, one that stays is recorded with its status")
    func retries() async throws {
        let tries = Mutex(0)
        let router = router { router in
            router.get("busy") { _, _ -> Response in
                let n = tries.withLock {
                    $0 += 1
                    return $0
                }
                return n < 3 ? Response(status: .tooManyRequests, headers: [.retryAfter: "0"]) : Response(status: .ok)
            }
            router.get("broken") { _, _ -> HTTPResponse.Status in .internalServerError }
            router.get("patience") { _, _ in Response(status: .serviceUnavailable, headers: [.retryAfter: "86400"]) }
            router.get("gone") { _, _ -> HTTPResponse.Status in .gone }
        }
        try await serving(router, settings { $0.retries = 2 }) { fetcher, site, log in
            let busy = try await fetcher.fetch(#require(URL(string: site + "/busy")))
            #expect(busy.status == 200)
            #expect(log.count("/busy") == 3)
            let broken = try await problem(fetcher, site + "/broken")
            #expect(broken?.httpStatus == 500)
            #expect(log.count("/broken") == 3)
            try await expectProblem(.httpStatus, fetcher, site + "/gone", status: 410)
            #expect(log.count("/gone") == 1)
            // Whoever asks to be left alone is, so this comes last.
            try await expectProblem(.httpStatus, fetcher, site + "/patience", status: 503)
            #expect(log.count("/patience") == 1)
        }
    }

    @Test("a refusal that is a bot wall is called one")
    func wall() async throws {
        let router = router { router in
            router.get("wall") { _, _ in
                Response(
                    status: .forbidden, headers: [.contentType: "text/html"],
                    body: .init(byteBuffer: ByteBuffer(string: "<title>Ich bin kein Roboter</title>"))
                )
            }
        }
        try await serving(router) { fetcher, site, _ in
            let problem = try await problem(fetcher, site + "/wall")
            #expect(problem?.reason == .botWall)
            #expect(problem?.httpStatus == 403)
        }
    }

    @Test("the connection goes to the address that was checked, however the name is spelled", arguments: ["checked.invalid", "CHECKED.Invalid"])
    func pinned(name: String) async throws {
        let site = router { $0.get("a") { _, _ in "x" } }
        try await SiteServer.serve(site.router) { [log = site.log] port in
            let server = try #require(HostPort("checked.invalid:\(port)"))
            // Nobody else knows the name.
            let fetcher = Fetcher(
                settings { $0.retries = 0 },
                addresses: AddressGuard(allowed: [server]) { $0 == server ? [IPAddress("127.0.0.1")].compactMap(\.self) : [] })
            let page = try await fetcher.fetch(#require(URL(string: "http://\(name):\(port)/a")))
            #expect(page.status == 200 && log.count("/a") == 1)
            await fetcher.shutdown()
        }
    }

    @Test("who wants to be asked once in a thousand years is asked once a day, and nobody waits for it")
    func millennium() async throws {
        let router = router(robots: "User-agent: *\nCrawl-delay: 1e21") { $0.get("a") { _, _ in "x" } }
        try await serving(router) { fetcher, site, log in
            let url = try #require(URL(string: site + "/a"))
            _ = try await fetcher.fetch(url)
            let journal = FetchJournal()
            let problem = await #expect(throws: PageProblem.self) { try await fetcher.fetch(url, journal: journal) }
            #expect(problem?.isRest == true && problem?.mayPass == true)
            #expect(try #require(problem?.notBefore).timeIntervalSinceNow > 86_000)
            #expect(journal.decisions.map(\.decision) == [.refused])
            #expect(log.count("/a") == 1)
        }
    }

    @Test("a site that asks for no delay still has the ordinary pause, and one that asks for more has more")
    func pauses() async throws {
        let fetcher = Fetcher(settings { $0.pause = .seconds(2) }, addresses: AddressGuard(allowed: []))
        let server = try #require(HostPort("site.example:443"))
        #expect(fetcher.pause(server, 0) == .seconds(2) && fetcher.pause(server, nil) == .seconds(2))
        #expect(fetcher.pause(server, 90) == .seconds(90))
        await fetcher.shutdown()
    }

    @Test("one request at a time per server")
    func oneAtATime() async throws {
        let running = Mutex((now: 0, most: 0))
        let router = router { router in
            router.get("p/:n") { _, _ in
                running.withLock {
                    $0.now += 1
                    $0.most = max($0.most, $0.now)
                }
                try await Task.sleep(for: .milliseconds(5))
                running.withLock { $0.now -= 1 }
                return "x"
            }
        }
        try await serving(router) { fetcher, site, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for n in 0..<10 { group.addTask { _ = try await fetcher.fetch(#require(URL(string: "\(site)/p/\(n)"))) } }
                try await group.waitForAll()
            }
            #expect(running.withLock { $0.most } == 1)
        }
    }

    @Test("a fetch that is cancelled while it waits for its turn gives the turn up")
    func cancelled() async throws {
        let router = router(robots: "User-agent: *\nCrawl-delay: 10") { $0.get("a") { _, _ in "x" } }
        try await serving(router) { fetcher, site, log in
            let url = try #require(URL(string: site + "/a"))
            _ = try await fetcher.fetch(url)
            let waiting = (0..<3).map { _ in Task { try await fetcher.fetch(url) } }
            try await Task.sleep(for: .milliseconds(20))
            for task in waiting { task.cancel() }
            for task in waiting { await #expect(throws: CancellationError.self) { try await task.value } }
            #expect(log.count("/a") == 1)
        }
    }

    @Test("Retry-After is seconds or a date")
    func retryAfter() {
        let now = Date(timeIntervalSince1970: 784_111_767)
        #expect(RetryAfter.parse("120", now: now) == .seconds(120))
        #expect(RetryAfter.parse("Sun, 06 Nov 1994 08:49:37 GMT", now: now) == .seconds(10))
        #expect(RetryAfter.parse("Sun, 06 Nov 1994 08:49:17 GMT", now: now) == .zero)
        #expect(RetryAfter.parse("soon", now: now) == nil)
        #expect(RetryAfter.parse("-1", now: now) == nil)
    }
}
