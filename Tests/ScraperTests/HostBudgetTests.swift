import Foundation
import Hummingbird
import Logging
import NIOCore
import Outbound
import Redis
import Synchronization
import TestKit
import Testing

@testable import Scraper

@Suite("What copies share of a site's patience")
struct HostBudgetTests {
    /// When requests came, and how many were under way at once.
    final class Visits: Sendable {
        struct State: Sendable {
            var times: [ContinuousClock.Instant] = []
            var robots = 0
            var now = 0
            var most = 0
        }

        private let state = Mutex(State())
        var seen: State { state.withLock { $0 } }

        func router(robots: String? = nil) -> Router<BasicRequestContext> {
            let router = Router(context: BasicRequestContext.self)
            router.get("robots.txt") { _, _ -> Response in
                self.state.withLock { $0.robots += 1 }
                guard let robots else { return Response(status: .notFound) }
                return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: robots)))
            }
            router.get("p/:n") { _, _ -> String in
                self.state.withLock {
                    $0.times.append(.now)
                    $0.now += 1
                    $0.most = max($0.most, $0.now)
                }
                try await Task.sleep(for: .milliseconds(3))
                self.state.withLock { $0.now -= 1 }
                return "x"
            }
            return router
        }

        /// Between the beginnings of two visits.
        var shortest: Duration {
            let times = seen.times.sorted()
            return zip(times, times.dropFirst()).map { $1 - $0 }.min() ?? .zero
        }
    }

    private func fetcher(_ server: HostPort, _ redis: Redis?) -> Fetcher {
        var settings = FetchSettings(userAgent: "HearthTest/1.0")
        settings.backoff = .milliseconds(5)
        return Fetcher(settings, addresses: AddressGuard(allowed: [server]), redis: redis)
    }

    private func visit(_ fetchers: [Fetcher], _ address: String, times: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<times {
                let fetcher = fetchers[number % fetchers.count]
                group.addTask { _ = try await fetcher.fetch(#require(URL(string: "\(address)/p/\(number)"))) }
            }
            try await group.waitForAll()
        }
    }

    @Test("four copies ask one site one at a time, with its pause between any two, and read its robots.txt once")
    func shared() async throws {
        let visits = Visits()
        try await TestRedis.withDatabase { url in
            try await TestRedis.withClient(url) { redis in
                try await SiteServer.serve(visits.router(robots: "User-agent: *\nCrawl-delay: 0.1")) { port in
                    let server = try #require(HostPort("127.0.0.1:\(port)"))
                    let first = fetcher(server, redis)
                    try await visit([first], "http://127.0.0.1:\(port)", times: 1)
                    let copies = (0..<4).map { _ in fetcher(server, redis) }
                    try await visit(copies, "http://127.0.0.1:\(port)", times: 12)
                    for copy in copies + [first] { await copy.shutdown() }
                }
            }
        }
        #expect(visits.seen.times.count == 13)
        #expect(visits.seen.most == 1)
        #expect(visits.seen.robots == 1)
        // From the end of one to the beginning of the next it is at least the pause.
        #expect(visits.shortest >= .milliseconds(100))
    }

    @Test("a copy that died with a turn in hand blocks nobody for longer than a turn")
    func abandoned() async throws {
        try await TestRedis.withDatabase { url in
            try await TestRedis.withClient(url) { redis in
                let server = try #require(HostPort("site.example:80"))
                let dead = HostBudget(redis: redis, longestTurn: .milliseconds(300))
                let turn = try await dead.enter(server)
                #expect(turn.isShared)
                let heir = try await HostBudget(redis: redis, longestTurn: .seconds(60)).enter(server)
                #expect(heir.isShared)
                // The dead one's late word takes nothing from the heir.
                await dead.leave(server, turn, pause: .zero)
                let impatient = HostBudget(redis: redis, longestTurn: .seconds(60), patience: .milliseconds(200))
                let problem = await #expect(throws: PageProblem.self) { try await impatient.enter(server) }
                #expect(problem?.reason == .timeout)
            }
        }
    }

    @Test("without Redis a copy goes on by itself, and four times as slowly")
    func alone() async throws {
        let visits = Visits()
        let nowhere = Redis(RedisConfiguration(url: "redis://127.0.0.1:1"), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await SiteServer.serve(visits.router(robots: "User-agent: *\nCrawl-delay: 0.05")) { port in
            let copy = fetcher(try #require(HostPort("127.0.0.1:\(port)")), nowhere)
            try await visit([copy], "http://127.0.0.1:\(port)", times: 4)
            await copy.shutdown()
        }
        #expect(visits.seen.times.count == 4)
        #expect(visits.seen.most == 1)
        #expect(visits.shortest >= .milliseconds(200))
    }
}
