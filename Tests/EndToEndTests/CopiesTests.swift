import ClientKit
import Contracts
import Foundation
import Messaging
import Synchronization
import Testing

@testable import Demo

extension EndToEnd {
    /// Two copies of every service, as `make test` runs them.
    @Suite(.enabled(if: RunningSystem.copies > 1, "COPIES is not above 1: `make test` starts two copies of every service"))
    struct CopiesTests {
        @Test func `every copy hears, and each queue is bound to what its service is listed to hear and nothing else`() async throws {
            try await RunningSystem.complete()
            let bindings = try await RunningSystem.bindings()
            for service in ServiceName.allCases {
                let hearing = Hearing(service)
                let queue = Topology.queue(of: service.rawValue)
                #expect(Set(bindings.filter { $0.destination == queue }.map(\.routingKey)) == hearing.byOneCopy, "\(service)")
                let own = Dictionary(grouping: bindings.filter { $0.destination.hasPrefix("hearth.\(service).copy.") }, by: \.destination)
                #expect(own.count == RunningSystem.copies, "\(service) has a queue for each copy")
                for keys in own.values { #expect(Set(keys.map(\.routingKey)) == hearing.byEveryCopy, "\(service)") }
                guard !hearing.byOneCopy.isEmpty else { continue }
                try await Waiting.expect("every copy of \(service) hearing its queue", within: .seconds(60)) {
                    try await RunningSystem.queues().contains { $0.name == queue && $0.consumers == RunningSystem.copies }
                }
            }
        }

        @Test func `nothing is done twice, and a stream on any copy shows every notification`() async throws {
            try await RunningSystem.complete()
            let flow = try RunningSystem.flow()
            let tour = try RunningSystem.sampleTour(run: flow.run)
            let fetched = Mutex<[String: Int]>([:])
            let site = ProviderSite(port: try RunningSystem.settings().sitePort) { path, _ in
                fetched.withLock { $0[path, default: 0] += 1 }
                return try tour.page(path)
            }
            try await site.serve { url in
                let seeker = try await flow.arrive(as: "seeker", firstName: "Mira")
                let search = try await flow.saveSearch(tour.wishes, of: seeker)
                let copies = try RunningSystem.clients(of: .alerts)
                var streams: [LiveStream] = []
                for number in copies.indices { streams.append(try await open(copies[number], of: seeker, ticketFrom: copies.reversed()[number])) }
                let moving = Task { try await moved(between: copies, of: seeker, total: 7) }
                let agent = try await flow.foundBrokerage(flow.arrive(as: "agent", firstName: "Jonas"))
                let jobs = try await flow.scrape(tour.resultPages.map { ($0.provider, url + $0.path) }, by: agent, within: .seconds(180))
                #expect(jobs.map(\.read) == [5, 4])
                #expect(try await flow.showMatches(of: search, for: seeker, atLeast: 7).count == 7)
                try await Waiting.expect("seven mails and the one that confirmed the address", within: .seconds(120)) {
                    try await flow.mail.count(to: seeker.email) >= 8
                }
                for stream in streams {
                    try await Waiting.expect("every notification on the stream of each copy", within: .seconds(60)) { await stream.events.count >= 7 }
                }
                let seenWhileMoving = try await moving.value
                // What would come twice may come late.
                try await RunningSystem.settle()

                for (number, stream) in streams.enumerated() {
                    #expect(await stream.events.compactMap { $0.id.flatMap(Int.init) } == Array(1...7), "the stream on copy \(number + 1)")
                    await stream.close()
                }
                #expect(seenWhileMoving == Array(1...7), "the stream that moved from copy to copy")
                #expect(try await seeker.client.get("/v1/notifications?limit=100")["items"].items.count == 7)
                #expect(try await flow.mail.count(to: seeker.email) == 8)
                let pages = fetched.withLock { $0.filter { $0.key.contains("1\(flow.run)") || $0.key.contains("2\(flow.run)") } }
                #expect(pages.keys.count { !$0.contains("/bilder/") } == 11)
                #expect(pages.values.allSatisfy { $0 == 1 }, "fetched from the provider, pictures too: \(pages)")
                try await expectOnce(of: seeker, agent, search: search)
            }
        }

        /// The account that the database gives, across the schemas.
        private func expectOnce(of seeker: Person, _ agent: Person, search: String) async throws {
            let (user, criteria) = (try #require(UUID(uuidString: seeker.id)), try #require(UUID(uuidString: search)))
            #expect(
                try await RunningSystem.number(
                    "SELECT count(*) FROM catalog.listing_matches WHERE search_id = \(criteria) AND matched_at IS NOT NULL") == 7)
            #expect(try await RunningSystem.number("SELECT count(*) FROM alerts.notifications WHERE user_id = \(user)") == 7)
            #expect(try await RunningSystem.number("SELECT count(*) FROM campaigns.email_queue WHERE user_id = \(user)") == 8)
            let expected = [
                ("auth.user.registered.v1", 1), ("auth.session.started.v1", 1), ("catalog.search.saved.v1", 1), ("catalog.listing.matched.v1", 7),
                ("alerts.notification.created.v1", 7), ("campaigns.email.sent.v1", 8),
            ]
            for (type, count) in expected {
                let events = try await RunningSystem.number(
                    "SELECT count(*) FROM analytics.user_events WHERE user_id = \(user) AND event_type = \(type)::text")
                #expect(events == count, "\(type)")
            }
        }

        private func open(_ copy: HearthClient, of seeker: Person, ticketFrom other: HearthClient, after: Int = 0) async throws -> LiveStream {
            let token = try #require(seeker.client.token)
            let ticket = try await other.signedIn(token).post("/v1/notifications/stream-tickets", [:], expecting: 201)["ticket"].string ?? ""
            return try await LiveStream.open(copy, "/v1/notifications/stream?last_event_id=\(after)&ticket=\(ticket)")
        }

        /// Hears one event at least on a copy, breaks off, goes on at the next copy with the last id, until it has seen all. What it saw, in order.
        private func moved(between copies: [HearthClient], of seeker: Person, total: Int) async throws -> [Int] {
            var seen: [Int] = []
            for turn in 0... where seen.count < total {
                let copy = copies[turn % copies.count]
                let stream = try await open(copy, of: seeker, ticketFrom: copy, after: seen.last ?? 0)
                try await Waiting.expect("an event on the stream that moves", within: .seconds(180)) { await !stream.events.isEmpty }
                await stream.close()
                seen += await stream.events.compactMap { $0.id.flatMap(Int.init) }
                if seen.count >= total { break }
            }
            return seen
        }

        @Test func `an ended session is refused by every copy of every service within a second`() async throws {
            try await RunningSystem.complete()
            var figures: [Duration] = []
            // The machine may be busy with something else altogether for a moment: the whole measurement gets three chances.
            for _ in 1...3 where figures.last.map({ $0 > .seconds(1) }) ?? true { figures.append(try await lastRefusal()) }
            let milliseconds = figures.map { Int($0 / .milliseconds(1)) }
            print(
                "The last of \(ServiceName.allCases.count * RunningSystem.copies) copies refused the ended session \(milliseconds) ms after the logout."
            )
            #expect(try #require(figures.last) <= .seconds(1))
        }

        /// From the answer to the logout until the last copy refuses the token that it had remembered.
        private func lastRefusal() async throws -> Duration {
            let seeker = try await RunningSystem.flow().arrive(as: "seeker", firstName: "Mira")
            let token = try #require(seeker.client.token)
            var copies: [(client: HearthClient, path: String)] = []
            for service in ServiceName.allCases {
                for copy in try RunningSystem.clients(of: service) { copies.append((copy.signedIn(token), "/v1/\(service)/openapi.json")) }
            }
            for copy in copies { #expect(try await copy.client.send("GET", copy.path).status == 200) }
            #expect(try await seeker.client.send("POST", "/v1/auth/logout").status == 204)
            let answered = ContinuousClock.now
            return try await withThrowingTaskGroup(of: Duration.self) { group in
                for copy in copies {
                    group.addTask {
                        try await Waiting.until("\(copy.client.baseURL) refusing the ended session", within: .seconds(60), every: .milliseconds(10)) {
                            try await copy.client.send("GET", copy.path).status == 401 ? ContinuousClock.now - answered : nil
                        }
                    }
                }
                return try await group.reduce(.zero, max)
            }
        }

        @Test func `while a copy is stopped, killed and started again, nobody notices at the gateway`() async throws {
            try await RunningSystem.complete()
            let flow = try RunningSystem.flow()
            let seeker = try await flow.arrive(as: "seeker", firstName: "Mira")
            let tour = try RunningSystem.sampleTour(run: flow.run)
            let failures = try await RunningSystem.underLoad(seeker) {
                try await RunningSystem.script("services.sh", "stop", "catalog.2")
                // A copy that is not there is no reason to refuse what may not be repeated either: nothing was sent to it.
                for number in 1...8 {
                    let search = try await seeker.client.send("POST", "/v1/search-criteria", json: tour.wishes)
                    #expect(search.status == 201, "search \(number): \(search.reason)")
                }
                try await RunningSystem.script("services.sh", "start", "catalog.2")
                #expect(kill(try RunningSystem.processID("catalog"), SIGKILL) == 0)
                try await Task.sleep(for: .seconds(2))
                try await RunningSystem.script("services.sh", "start", "catalog.1")
            }
            #expect(failures.isEmpty, "\(failures.prefix(5))")
            try await RunningSystem.complete()
        }
    }
}
