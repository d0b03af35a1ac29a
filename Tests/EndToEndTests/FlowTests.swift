import ClientKit
import Foundation
import Testing

@testable import Demo

extension EndToEnd {
    @Suite struct FlowTests {
        @Test func `the sample site's homes reach the seeker's stream and inbox, and analytics has counted each step`() async throws {
            let flow = try RunningSystem.flow()
            let tour = try RunningSystem.sampleTour(run: flow.run)
            try await RunningSystem.site(tour).serve { site in
                let seeker = try await flow.arrive(as: "seeker", firstName: "Mira")
                let search = try await flow.saveSearch(tour.wishes, of: seeker)
                let stream = try await flow.openStream(of: seeker)
                let agent = try await flow.foundBrokerage(flow.arrive(as: "agent", firstName: "Jonas"))
                let jobs = try await flow.scrape(tour.resultPages.map { ($0.provider, site + $0.path) }, by: agent, within: .seconds(120))
                #expect(jobs.map(\.total) == [6, 5])
                #expect(jobs.map(\.read) == [5, 4])
                #expect(jobs[0].failures == [.init(url: "\(site)/wohnungen-in-Berlin-Lichtenberg.1\(flow.run)6.html", reason: "unreadable")])
                #expect(jobs[1].failures == [.init(url: "\(site)/expose/2\(flow.run)5", reason: "bot_wall")])

                let matches = try await matches(flow, search, seeker)
                let events = try await flow.showEvents(of: stream, expecting: matches.count)
                #expect(events.count == matches.count)
                #expect(events.allSatisfy { $0.name == "notification" && $0.data["type"] == "new_listing" })
                let numbers = events.compactMap { $0.id.flatMap(Int.init) }
                #expect(numbers == Array(1...matches.count))
                await stream.close()

                try await expectMails(flow, seeker, count: matches.count)
                try await flow.uploadDocument(of: seeker)
                try await expectCounted(flow, seeker, agent, matches: matches.count)
            }
        }

        @Test(.enabled(if: RunningSystem.hasRealData, RunningSystem.whyNoRealData))
        func `real pages of two portals are read, matched and mailed, and the bot wall is recorded`() async throws {
            let flow = try RunningSystem.flow()
            let tour = try Tour.realPages(RunningSystem.settings().realData, run: flow.run)
            try await RunningSystem.site(tour).serve { site in
                let seeker = try await flow.arrive(as: "seeker", firstName: "Ayşe")
                let search = try await flow.saveSearch(tour.wishes, of: seeker)
                let agent = try await flow.foundBrokerage(flow.arrive(as: "agent", firstName: "Jonas"))
                let jobs = try await flow.scrape(tour.resultPages.map { ($0.provider, site + $0.path) }, by: agent, within: .seconds(180))
                #expect(jobs.map(\.total) == [26, 50])
                #expect(jobs.map(\.read) == [26, 49])
                #expect(jobs[0].failures.isEmpty)
                #expect(jobs[1].failures.map(\.reason) == ["bot_wall"])

                let matches = try await flow.showMatches(of: search, for: seeker, atLeast: 75)
                #expect(matches.count == 75)
                try await Waiting.expect("75 mails", within: .seconds(120)) { try await flow.mail.count(to: seeker.email) == 76 }
                let mail = try await flow.showMail(to: seeker)
                #expect(mail.text?.contains("Düsseldorf") == true)
            }
        }

        @Test func `one click ends the mails of that kind, and the notifications still come`() async throws {
            let flow = try RunningSystem.flow()
            let seeker = try await flow.arrive(as: "seeker", firstName: "Mira")
            let agent = try await flow.foundBrokerage(flow.arrive(as: "agent", firstName: "Jonas"))
            let first = try await scrapeFlats(flow, run: flow.run, seeker, agent, saving: true)
            let mail = try await flow.showMail(to: seeker)
            try await Waiting.expect("all mails of the first job", within: .seconds(60)) { try await flow.mail.count(to: seeker.email) == first + 1 }

            let link = try #require(mail.unsubscribeURL)
            #expect(link.hasPrefix(flow.gateway.baseURL + "/v1/unsubscribe/"))
            let path = String(link.dropFirst(flow.gateway.baseURL.count))
            let form = ["Content-Type": "application/x-www-form-urlencoded"]
            let answer = try await flow.gateway.send("POST", path, body: Array("List-Unsubscribe=One-Click".utf8), headers: form)
            #expect(answer.status == 200)

            let both = try await scrapeFlats(flow, run: DemoFlow.newRun(), seeker, agent, saving: false)
            #expect(both == 2 * first)
            try await Waiting.expect("the later mails being held back", within: .seconds(60)) {
                let mails = try await seeker.client.get("/v1/emails?limit=100")["items"].items
                let held = mails.filter { $0["status"] == "suppressed" || $0["status"] == "unsubscribed" }
                return held.count >= first
            }
            #expect(try await flow.mail.count(to: seeker.email) == first + 1)
        }

        /// Runs a job on the sample flats; the number of notifications that the seeker has then.
        private func scrapeFlats(_ flow: DemoFlow, run: String, _ seeker: Person, _ agent: Person, saving: Bool) async throws -> Int {
            let tour = try RunningSystem.sampleTour(run: run)
            if saving { _ = try await flow.saveSearch(tour.wishes, of: seeker) }
            let before = try await notifications(of: seeker)
            return try await RunningSystem.site(tour).serve { site in
                _ = try await flow.scrape([("immoscout", site + "/search/list?pagenumber=1")], by: agent, within: .seconds(60))
                // The sample's two flats in Berlin that fit.
                return try await Waiting.until("the notifications of a job", within: .seconds(60)) {
                    let count = try await notifications(of: seeker)
                    return count >= before + 2 ? count : nil
                }
            }
        }

        private func notifications(of seeker: Person) async throws -> Int {
            try await seeker.client.get("/v1/notifications?limit=100")["items"].items.count
        }

        /// Every score is the sum of its shares, and reaches what is told.
        private func matches(_ flow: DemoFlow, _ search: String, _ seeker: Person) async throws -> [JSON] {
            let matches = try await flow.showMatches(of: search, for: seeker, atLeast: 7)
            #expect(matches.count == 7)
            for match in matches {
                let sum = ["city", "type", "rent", "rooms"].compactMap { match["shares"][$0].double }.reduce(0, +)
                #expect(abs(sum - (match["relevance_score"].double ?? 0)) < 0.001)
                #expect(sum >= 0.6)
            }
            return matches
        }

        private func expectMails(_ flow: DemoFlow, _ seeker: Person, count: Int) async throws {
            let mail = try await flow.showMail(to: seeker)
            #expect(mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
            #expect(mail["Content-Type"]?.hasPrefix("multipart/alternative") == true)
            #expect(mail.html?.contains("<") == true)
            // One mail for each, and the one that confirmed the address.
            try await Waiting.expect("every mail", within: .seconds(60)) { try await flow.mail.count(to: seeker.email) == count + 1 }
        }

        private func expectCounted(_ flow: DemoFlow, _ seeker: Person, _ agent: Person, matches: Int) async throws {
            let administrator = try await RunningSystem.administrator()
            let expected = [
                (seeker, "auth.session.started.v1", 1), (seeker, "catalog.search.saved.v1", 1),
                (seeker, "catalog.listing.matched.v1", matches), (seeker, "alerts.notification.created.v1", matches),
                (seeker, "campaigns.email.sent.v1", matches + 1), (seeker, "documents.document.uploaded.v1", 2), (agent, "scraper.job.ended.v1", 2),
            ]
            for (person, type, count) in expected {
                try await Waiting.expect("\(count) × \(type) in analytics", within: .seconds(30)) {
                    try await flow.count(type, of: person, seenBy: administrator) == count
                }
            }
            let overview = try await flow.showDashboard(to: administrator)
            #expect((overview["users_registered"].int ?? 0) >= 2)
        }
    }
}
