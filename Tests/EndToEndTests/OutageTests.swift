import ClientKit
import Contracts
import Foundation
import Testing

@testable import Demo

extension EndToEnd {
    /// A server is away for a while, and nothing of Hearth is started again by anybody.
    @Suite struct OutageTests {
        @Test func `without Redis one signs in, searches, is matched and gets mail, and what changed meanwhile is seen afterwards`() async throws {
            try await RunningSystem.complete()
            let flow = try RunningSystem.flow()
            let registration = try await registered(flow)
            let seeker = try await registration.signIn()
            let leaving = try await registration.signIn()
            let document = try await uploaded(by: seeker)
            try await expectTitle("Before", of: document, for: seeker)

            try await away("redis") {
                let path = "/v1/listings?limit=5"
                let list = try await seeker.client.send("GET", path)
                #expect(list.status == 200)
                // Each process counts by itself then: limits are told, and nobody is refused for want of Redis.
                #expect(list.headers["ratelimit"] != nil)
                let tour = try RunningSystem.sampleTour(run: flow.run)
                try await RunningSystem.site(tour).serve { site in
                    let search = try await flow.saveSearch(tour.wishes, of: seeker)
                    let agent = try await flow.foundBrokerage(flow.arrive(as: "agent", firstName: "Jonas"))
                    _ = try await flow.scrape(tour.resultPages.map { ($0.provider, site + $0.path) }, by: agent, within: .seconds(180))
                    #expect(try await flow.showMatches(of: search, for: seeker, atLeast: 7).count == 7)
                }
                try await Waiting.expect("the mails", within: .seconds(120)) { try await flow.mail.count(to: seeker.email) == 8 }
                try await rename(document, to: "Without Redis", by: seeker)
                try await expectTitle("Without Redis", of: document, for: seeker)
                #expect(try await leaving.client.send("POST", "/v1/auth/logout").status == 204)
            }

            try await expectTitle("Without Redis", of: document, for: seeker)
            try await expectEnded(leaving)
            try await expectCached(document, for: seeker)
        }

        @Test func `a Redis that hangs and comes back with its old data shows nothing old`() async throws {
            try await RunningSystem.complete()
            let flow = try RunningSystem.flow()
            let registration = try await registered(flow)
            let seeker = try await registration.signIn()
            let leaving = try await registration.signIn()
            let document = try await uploaded(by: seeker)
            try await expectTitle("Before", of: document, for: seeker)
            try await expectCached(document, for: seeker)

            let redis = try RunningSystem.processID("redis")
            #expect(kill(redis, SIGSTOP) == 0)
            do {
                defer { kill(redis, SIGCONT) }
                try await rename(document, to: "While Redis hung", by: seeker)
                #expect(try await leaving.client.send("POST", "/v1/auth/logout").status == 204)
                try await expectTitle("While Redis hung", of: document, for: seeker)
            }
            for _ in 1...20 {
                try await expectTitle("While Redis hung", of: document, for: seeker)
                try await Task.sleep(for: .milliseconds(100))
            }
            try await expectEnded(leaving)
            try await RunningSystem.complete()
            try await expectCached(document, for: seeker)
        }

        @Test func `without RabbitMQ requests succeed, the outbox holds, and afterwards all is delivered once`() async throws {
            try await RunningSystem.complete()
            let flow = try RunningSystem.flow()
            let registration = try await registered(flow)
            let seeker = try await registration.signIn()
            let tour = try RunningSystem.sampleTour(run: flow.run)
            let newcomer = "newcomer-\(flow.run)@hearth.example"

            try await away("rabbitmq") {
                #expect(try await seeker.client.send("GET", "/v1/listings?limit=5").status == 200)
                _ = try await flow.saveSearch(tour.wishes, of: seeker)
                _ = try await uploaded(by: seeker)
                let again = try await registration.signIn()
                #expect(try await again.client.send("GET", "/v1/users/me").status == 200)
                try await Registration(email: newcomer, firstName: "Neu", gateway: flow.gateway, mail: flow.mail)
                    .register(as: "seeker", firstName: "Neu")
                // Longer than a relay waits between two looks.
                try await Task.sleep(for: .seconds(2))
                for service in [ServiceName.auth, .catalog, .documents] {
                    #expect(try await RunningSystem.waiting(in: service) > 0, "\(service)")
                }
                #expect(try await flow.mail.count(to: newcomer) == 0)
            }

            try await Waiting.expect("the newcomer's mail", within: .seconds(120)) { try await flow.mail.count(to: newcomer) >= 1 }
            try await RunningSystem.settle()
            #expect(try await flow.mail.count(to: newcomer) == 1)
            let user = try #require(UUID(uuidString: seeker.id))
            let expected = [("catalog.search.saved.v1", 1), ("documents.document.uploaded.v1", 1), ("auth.session.started.v1", 3)]
            for (type, count) in expected {
                let events = try await RunningSystem.number(
                    "SELECT count(*) FROM analytics.user_events WHERE user_id = \(user) AND event_type = \(type)::text")
                #expect(events == count, "\(type)")
            }
            #expect(
                try await RunningSystem.number(
                    """
                    SELECT count(*) FROM analytics.user_events
                    WHERE event_type = 'auth.user.registered.v1'
                        AND user_id = (SELECT id FROM auth.users WHERE email = \(newcomer)::text)
                    """) == 1)
        }

        /// Somebody who may sign in.
        private func registered(_ flow: DemoFlow) async throws -> Registration {
            let registration = Registration(email: "seeker-\(flow.run)@hearth.example", firstName: "Mira", gateway: flow.gateway, mail: flow.mail)
            try await registration.register(as: "seeker", firstName: "Mira")
            _ = try await registration.confirm(registration.confirmationToken())
            return registration
        }

        /// Stops a server, runs `body`, starts it again whatever happened, and waits until every copy has it back.
        private func away(_ server: String, _ body: () async throws -> Void) async throws {
            try await RunningSystem.script("\(server).sh", "stop")
            do {
                try await body()
            } catch {
                try await RunningSystem.script("\(server).sh", "start")
                throw error
            }
            try await RunningSystem.script("\(server).sh", "start")
            #expect(try RunningSystem.hearsTermination(server), "what a program starts can be stopped again")
            try await RunningSystem.complete()
        }

        private func uploaded(by seeker: Person) async throws -> String {
            let path = "/v1/documents?filename=Selbstauskunft.pdf&title=Before&document_type=disclosure"
            let bytes = SamplePDF.bytes("Self-disclosure of \(seeker.email)")
            let document = try await seeker.client.send("POST", path, body: bytes, headers: ["Content-Type": "application/pdf"])
                .expecting(201, "POST /v1/documents")
            return try #require(document["id"].string)
        }

        private func rename(_ document: String, to title: String, by seeker: Person) async throws {
            let path = "/v1/documents/\(document)"
            let tag = try #require(try await seeker.client.send("GET", path).headers["etag"])
            let reply = try await seeker.client.send("PATCH", path, json: ["title": .text(title)], headers: ["If-Match": tag])
            #expect(reply.status == 200, "\(reply.reason)")
        }

        /// At every copy, as each has caches of its own.
        private func expectTitle(_ title: String, of document: String, for seeker: Person) async throws {
            let token = try #require(seeker.client.token)
            for (number, copy) in try RunningSystem.clients(of: .documents).enumerated() {
                #expect(try await copy.signedIn(token).get("/v1/documents/\(document)")["title"] == .text(title), "copy \(number + 1)")
            }
        }

        /// The copies find the document in Redis again: their counters of hits go up.
        private func expectCached(_ document: String, for seeker: Person) async throws {
            let before = try await hits()
            try await Waiting.expect("the document being found in the cache", within: .seconds(60)) {
                _ = try await seeker.client.get("/v1/documents/\(document)")
                return try await hits() > before
            }
        }

        private func hits() async throws -> Double {
            var sum = 0.0
            for copy in try RunningSystem.adminClients(of: .documents) {
                for line in try await copy.send("GET", "/metrics").text.split(separator: "\n")
                where line.hasPrefix("cache_lookups_total{result=\"hit\"}") {
                    sum += line.split(separator: " ").last.flatMap { Double($0) } ?? 0
                }
            }
            return sum
        }

        private func expectEnded(_ person: Person) async throws {
            let token = try #require(person.client.token)
            for service in ServiceName.allCases {
                for (number, copy) in try RunningSystem.clients(of: service).enumerated() {
                    try await Waiting.expect("copy \(number + 1) of \(service) refusing the ended session", within: .seconds(30)) {
                        try await copy.signedIn(token).send("GET", "/v1/\(service)/openapi.json").status == 401
                    }
                }
            }
        }
    }
}
