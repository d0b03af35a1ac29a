import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Outbound
import Redis

/// Fetches pages as a guest: asks robots.txt first, one request at a time and server, with limits on size, time and redirects, and never from an address
/// that is not public.
///
/// Every way to fail is a ``PageProblem``; only cancellation is thrown as itself.
struct Fetcher: Sendable {
    private(set) var settings: FetchSettings
    private let addresses: AddressGuard
    private let lanes: HostLanes
    private let robots: RobotsCache
    private let budget: HostBudget
    /// Where what a site has packed is unpacked, and what it refuses with is read.
    private let threads: ReadingThreads

    /// - Parameter redis: what the copies share of each server's budget and robots.txt; without it every copy is on its own, and slower.
    init(_ settings: FetchSettings, addresses: AddressGuard, redis: Redis? = nil) {
        self.settings = settings
        self.addresses = addresses
        lanes = HostLanes(timeout: settings.timeout)
        robots = RobotsCache(shared: SharedRobots(redis: redis, robot: settings.robotName))
        budget = HostBudget(redis: redis, longestTurn: settings.longestTurn, longestWait: settings.longestWait)
        // Within what a turn may last beyond its answer.
        threads = ReadingThreads(name: "hearth.answers", limit: settings.longestTurn - settings.timeout)
    }

    /// The same guest, who asks for other types of content, of another size: lanes, budgets and robots.txt stay shared.
    func accepting(_ types: String, mostBytes: Int? = nil) -> Fetcher {
        var other = self
        other.settings.accept = types
        other.settings.mostBytes = mostBytes ?? settings.mostBytes
        return other
    }

    /// Closes the connections. Call it once, when nothing is being fetched any more.
    func shutdown() async { await lanes.shutdown() }

    /// - Parameter known: what the site said of the page when it last came: when it still holds, the answer has status 304 and no bytes.
    func fetch(_ url: URL, unless known: PageValidators? = nil, journal: FetchJournal = FetchJournal()) async throws -> FetchedPage {
        do {
            let response = try await follow(url, unless: known, journal: journal) { target in
                let rules = try await rules(for: target, journal: journal)
                guard rules.allows(target.pathAndQuery) else {
                    throw PageProblem(.robotsDisallowed, "robots.txt of \(target.host() ?? "the site") asks not to fetch this")
                }
                return rules.crawlDelay
            }
            guard (200..<300).contains(response.status) || (response.status == 304 && known != nil) else {
                throw await refusal(response)
            }
            return response
        } catch let problem as PageProblem {
            let isAsked = problem.reason != .robotsDisallowed && !problem.isRest
            journal.add(FetchDecision(isAsked ? .failed : .refused, url.absoluteString, problem))
            throw problem
        }
    }

    /// Requests an address and what it redirects to. `permit` is asked before each step and may name the site's own pause.
    private func follow(
        _ url: URL, unless known: PageValidators?, journal: FetchJournal, permit: (URL) async throws -> Double?
    ) async throws -> FetchedPage {
        var target = url
        for _ in 0...settings.mostRedirects {
            guard let server = HostPort(target) else { throw PageProblem(.network, "only http and https addresses are fetched") }
            // The address is checked before anything else is asked of the server.
            _ = try await address(of: server)
            let crawlDelay = try await permit(target)
            let validators = known.flatMap { $0.url == target.absoluteString ? $0 : nil }
            let (page, location) = try await request(target, server, unless: validators, pause: pause(server, crawlDelay), journal: journal)
            guard let location else { return page }
            guard let next = URL(string: location, relativeTo: target)?.absoluteURL else {
                throw PageProblem(.httpStatus, "the redirect leads nowhere", httpStatus: page.status)
            }
            target = next
        }
        throw PageProblem(.httpStatus, "more than \(settings.mostRedirects) redirects", httpStatus: 310)
    }

    func pause(_ server: HostPort, _ crawlDelay: Double?) -> Duration {
        let asked = Duration.seconds(min(crawlDelay ?? 0, RobotsRules.longestDelay))
        return max(asked, isAllowed(server) ? .zero : settings.pause)
    }

    /// Whether the configuration names the server.
    func isAllowed(_ server: HostPort) -> Bool { addresses.allowed.contains(server) }

    private func address(of server: HostPort) async throws -> IPAddress {
        do {
            return try await addresses.address(of: server)
        } catch let refused as AddressRefused {
            throw PageProblem(.network, refused.description)
        }
    }

    /// One address, tried again while the failure may pass.
    private func request(
        _ url: URL, _ server: HostPort, unless known: PageValidators?, pause: Duration, journal: FetchJournal
    ) async throws -> (page: FetchedPage, location: String?) {
        var wait = settings.backoff
        var attempt = 0
        while true {
            var problem: PageProblem
            var asked: Duration?
            do {
                let answer = try await exchange(url, server, unless: known, pause: pause)
                guard answer.page.status == 429 || answer.page.status >= 500 else {
                    journal.add(decision(on: answer))
                    return (answer.page, answer.location)
                }
                problem = await refusal(answer.page)
                asked = answer.retryAfter.map { min($0, settings.longestRest) }
                problem.notBefore = asked.map { Date(timeIntervalSinceNow: $0 / .seconds(1)) }
            } catch let error as PageProblem where (error.reason == .network || error.reason == .timeout) && !error.isRest {
                problem = error
            }
            attempt += 1
            if attempt > settings.retries || problem.reason == .botWall || (asked ?? .zero) > settings.longestWait { throw problem }
            journal.add(FetchDecision(.retried, url.absoluteString, problem))
            try await Task.sleep(for: asked ?? wait * Double.random(in: 0.75...1.25))
            wait *= 2
        }
    }

    private struct Answer: Sendable {
        var page: FetchedPage
        var location: String?
        var retryAfter: Duration?
        var waited: Duration = .zero
        var took: Duration = .zero
    }

    private func decision(on answer: Answer) -> FetchDecision {
        let kind: FetchDecision.Kind = answer.location != nil ? .redirected : answer.page.status == 304 ? .notModified : .fetched
        var decision = FetchDecision(kind, answer.page.url.absoluteString)
        decision.httpStatus = answer.page.status
        decision.bytes = answer.page.bytes.count
        decision.detail = answer.location.map { "to " + $0.prefix(400) }
        decision.waited = answer.waited
        decision.took = answer.took
        return decision
    }

    /// One request in the host's turn, which is shared with the other copies. What the site asks for is everybody's pause.
    private func exchange(_ url: URL, _ server: HostPort, unless known: PageValidators?, pause: Duration) async throws -> Answer {
        let start = ContinuousClock.now
        let address = try await address(of: server)
        guard let url = url.spelled(as: server) else { throw PageProblem(.network, "the address cannot be asked for") }
        return try await lanes.run(on: server, at: address, pause: pause, patience: settings.longestWait) { client in
            let turn = try await budget.enter(server)
            let entered = ContinuousClock.now
            do {
                var answer = try await whole(url, unless: known, client: client)
                answer.waited = entered - start
                answer.took = .now - entered
                let asked = answer.page.status == 429 || answer.page.status >= 500 ? min(answer.retryAfter ?? .zero, settings.longestRest) : .zero
                await budget.leave(server, turn, pause: max(pause, asked))
                return (answer, max(turn.isShared ? pause : pause * HostBudget.alone, asked))
            } catch {
                await budget.leave(server, turn, pause: pause)
                throw error
            }
        }
    }

    /// One exchange within the time limit. Once asked, the site is heard out: a job that is stopping keeps the page that it has begun, and nobody need
    /// ask for it again.
    private func whole(_ url: URL, unless known: PageValidators?, client: HTTPClient) async throws -> Answer {
        try await Task {
            try await withThrowingTaskGroup(of: Answer.self) { group in
                group.addTask { try await once(url, unless: known, client: client) }
                group.addTask {
                    try await Task.sleep(for: settings.timeout)
                    throw PageProblem(.timeout, "no whole answer in time")
                }
                defer { group.cancelAll() }
                guard let answer = try await group.next() else { throw CancellationError() }
                return answer
            }
        }.value
    }

    private func once(_ url: URL, unless known: PageValidators?, client: HTTPClient) async throws -> Answer {
        var request = HTTPClientRequest(url: url.absoluteString)
        request.headers.add(name: "User-Agent", value: settings.userAgent)
        request.headers.add(name: "Accept", value: settings.accept)
        request.headers.add(name: "Accept-Language", value: "de, en;q=0.5")
        request.headers.add(name: "Accept-Encoding", value: "gzip, deflate, br")
        if let etag = known?.etag { request.headers.add(name: "If-None-Match", value: etag) }
        if let date = known?.lastModified { request.headers.add(name: "If-Modified-Since", value: date) }
        do {
            let response = try await client.execute(request, timeout: .nanoseconds(settings.timeout.nanoseconds))
            let page = FetchedPage(
                url: url, status: Int(response.status.code), contentType: response.headers.first(name: "Content-Type"),
                bytes: try await decoded(body(of: response), response), fetchedAt: Date(),
                etag: response.headers.first(name: "ETag").flatMap(header),
                lastModified: response.headers.first(name: "Last-Modified").flatMap(header)
            )
            let redirects: Set<Int> = [301, 302, 303, 307, 308]
            return Answer(
                page: page, location: redirects.contains(page.status) ? response.headers.first(name: "Location") : nil,
                retryAfter: RetryAfter.parse(response.headers.first(name: "Retry-After"), now: Date())
            )
        } catch {
            throw try problem(error)
        }
    }

    private func body(of response: HTTPClientResponse) async throws -> [UInt8] {
        if let stated = response.headers.first(name: "Content-Length").flatMap(Int.init), stated > settings.mostBytes { throw tooLarge }
        var bytes: [UInt8] = []
        for try await chunk in response.body {
            guard bytes.count + chunk.readableBytes <= settings.mostBytes else { throw tooLarge }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return bytes
    }

    /// The client undoes gzip by itself, on threads of its own.
    private func decoded(_ bytes: [UInt8], _ response: HTTPClientResponse) async throws -> [UInt8] {
        guard response.headers.first(name: "Content-Encoding")?.lowercased() == "br" else { return bytes }
        do { return try await threads.run { [limit = settings.mostBytes] in try Brotli.decode(bytes, limit: limit) } } catch is OutOfTime {
            throw PageProblem(.timeout, "the answer took too long to unpack")
        }
    }

    /// A validator goes back to the site as it came, if it is short enough to keep.
    private func header(_ value: String) -> String? { value.isEmpty || value.utf8.count > 500 ? nil : value }

    private var tooLarge: PageProblem { PageProblem(.tooLarge, "more than \(settings.mostBytes) bytes") }

    private func problem(_ error: any Error) throws -> PageProblem {
        if let problem = error as? PageProblem { return problem }
        // Cancelling the task cancels the request: that is not the site's fault.
        try Task.checkCancellation()
        switch error as? HTTPClientError {
        case .connectTimeout, .readTimeout, .deadlineExceeded, .tlsHandshakeTimeout: return PageProblem(.timeout, "no answer in time")
        default: break
        }
        // The decompressor's own error type is not public to us; its limit is the only thing it can refuse for by size.
        let words = String(reflecting: error)
        if words.contains("DecompressionError") && words.contains("limit") { return tooLarge }
        return PageProblem(.network, String(words.prefix(200)))
    }

    private func refusal(_ page: FetchedPage) async -> PageProblem {
        if page.mimeType == "text/html" {
            do { try await threads.run { _ = try page.document() } } catch let wall as PageProblem where wall.reason == .botWall {
                return PageProblem(.botWall, wall.detail, httpStatus: page.status)
            } catch {}
        }
        return PageProblem(.httpStatus, "the site answered \(page.status)", httpStatus: page.status)
    }

    /// A day's robots.txt. RFC 9309: none (4xx) allows all, an unreachable one (5xx, network) forbids all.
    private func rules(for url: URL, journal: FetchJournal) async throws -> RobotsRules {
        guard let server = HostPort(url), let address = URL(string: "/robots.txt", relativeTo: url)?.absoluteURL else { return .disallowAll }
        return try await robots.rules(for: server) {
            do {
                let page = try await follow(address, unless: nil, journal: journal) { _ in nil }
                switch page.status {
                case 200..<300: return (RobotsRules(page.bytes, for: settings.robotName), .seconds(86_400))
                case 429: return (.disallowAll, .seconds(300))
                case 400..<500: return (.allowAll, .seconds(86_400))
                default: return (.disallowAll, .seconds(300))
                }
            } catch let problem as PageProblem where problem.notBefore != nil {
                // Asked again then, and its pages with it.
                throw problem
            } catch let problem as PageProblem {
                // A file that is too large or redirects without end is as good as none; one that cannot be reached may forbid anything.
                let isUnreachable = problem.reason == .network || problem.reason == .timeout || (problem.httpStatus ?? 0) >= 429
                return (isUnreachable && problem.httpStatus != 310 ? .disallowAll : .allowAll, .seconds(300))
            }
        }
    }
}

extension URL {
    /// As in the request line.
    var pathAndQuery: String {
        let path = path(percentEncoded: true)
        return (path.isEmpty ? "/" : path) + (query(percentEncoded: true).map { "?" + $0 } ?? "")
    }
}
