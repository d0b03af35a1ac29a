import ClientKit
import Foundation

/// One listing after another from the generated site to the seekers' mailboxes, with a kill in each portion of them.
struct FaultRun: Sendable {
    private let surroundings: Surroundings
    private let database: Database
    private let broker: BrokerCounts
    private let victims: [Victim]
    private let portions: [Range<Int>]
    private let site: GeneratedSite
    private let limit: Duration
    private let mailWorkers: Int
    private let listings: Int
    private let progress = Progress()
    /// An ended session is refused everywhere within so long.
    private static let promisedRefusal = Duration.seconds(1)
    private let start = ContinuousClock.now

    init(_ surroundings: Surroundings, _ database: Database, listings: Int, limit: Duration, mailWorkers: Int) throws {
        self.surroundings = surroundings
        self.database = database
        self.listings = listings
        self.limit = limit
        self.mailWorkers = mailWorkers
        broker = try BrokerCounts(surroundings)
        let victims = surroundings.services.map { Victim.service($0) } + Victim.servers.map { Victim.server($0) }
        self.victims = victims
        portions = victims.indices.map { $0 * listings / victims.count..<($0 + 1) * listings / victims.count }
        // A portion lasts two seconds at least, so that a kill meets work on its way.
        site = GeneratedSite(portions: portions, pause: min(.milliseconds(20), .seconds(2) / max(1, listings / victims.count)))
    }

    /// True when the account balances and everything served again in time.
    func run() async throws -> Bool {
        try await ProviderSite(port: surroundings.sitePort, page: site.page).serve { url in
            let seekers = try await Seeker.arriveAll(surroundings)
            let probe = try await Probe(surroundings)
            progress.say("\(seekers.count) seekers wait for \(listings) listings; \(victims.map(\.name).joined(separator: ", ")) will be killed")
            var kills: [Kill] = []
            for (portion, victim) in victims.enumerated() {
                kills.append(try await strike(victim, during: portion, site: url, probe))
            }
            try await quiet()
            return try await settle(seekers, kills)
        }
    }

    /// Starts the job of a portion, and kills when a third of its listings have been asked for.
    private func strike(_ victim: Victim, during portion: Int, site url: String, _ probe: Probe) async throws -> Kill {
        // A new session each time: signing in is one of the things that must work, and a token lasts a quarter of an hour only.
        let reader = try await surroundings.signInAdministrator()
        let job: JSON = [
            "provider": .text(GeneratedListing.provider), "result_url": .text(url + GeneratedSite.path(of: portion)),
            "max_pages": .number(Double(GeneratedSite.mostResultPages)),
        ]
        _ = try await reader.client.post("/v1/scraping-jobs", job, expecting: 201)
        let third = max(1, portions[portion].count / 3)
        try await Waiting.until("a third of portion \(portion + 1)", within: .seconds(60) + .milliseconds(100) * third, every: .milliseconds(100)) {
            site.fetched(of: portion) >= third ? () : nil
        }
        let flow = try await database.flow()
        let at = ContinuousClock.now - start
        try await victim.kill(with: surroundings.scripts)
        let killed = ContinuousClock.now
        try await victim.start(with: surroundings.scripts)
        let downtime = ContinuousClock.now - killed
        let outcome = await probe.untilAllServe(as: reader, within: .seconds(60))
        let refused = outcome.silent.isEmpty ? try await probe.refusal(within: Self.promisedRefusal) : nil
        let kill = Kill(
            victim: victim.name, at: at, flow: flow, started: portions[portion].upperBound, downtime: downtime,
            servesAfter: outcome.silent.isEmpty ? outcome.took : nil, refusesAfter: refused)
        progress.say(
            "killed \(victim.name) with \(flow.listings) of \(kill.started) listings and \(flow.mails) mails done; back after "
                + "\(Progress.seconds(downtime)), everything serves \(kill.servesAfter.map { "after another \(Progress.seconds($0))" } ?? "NOT")")
        for word in outcome.silent { progress.say("  \(word)") }
        return kill
    }

    /// Waits until nothing is under way any more, for a time that grows with the work; the account tells what is missing when it never is.
    private func quiet() async throws {
        let deadline = ContinuousClock.now + .seconds(120) + .milliseconds(60) * listings
        var looks = 0
        var said = ContinuousClock.now
        // Twice, as the broker's counts are a few seconds old.
        while looks < 2, ContinuousClock.now < deadline {
            let waiting = try await database.outstanding()
            let queued = try await broker.queues()?.reduce(0) { $0 + ($1.messages ?? 0) }
            let flow = try await database.flow()
            looks = waiting == 0 && queued == 0 && flow.listings >= listings ? looks + 1 : 0
            if ContinuousClock.now - said > .seconds(30) {
                progress.say(
                    "\(flow.listings) listings, \(flow.notifications) notifications, \(flow.mails) mails; outstanding: \(waiting), queued: \(queued ?? -1)"
                )
                said = .now
            }
            try await Task.sleep(for: .seconds(looks == 1 ? 6 : 1))
        }
        progress.say(looks < 2 ? "It does not become quiet." : "Everything is quiet.")
    }

    private func settle(_ seekers: [Seeker], _ kills: [Kill]) async throws -> Bool {
        var table = TextTable(header: [
            "killed", "at", "listings then", "mails then", "back after", "all serve after another", "ended session refused after",
        ])
        for kill in kills {
            table.rows.append([
                kill.victim, Progress.seconds(kill.at), "\(kill.flow.listings) of \(kill.started)", String(kill.flow.mails),
                Progress.seconds(kill.downtime),
                kill.servesAfter.map { Progress.seconds($0) } ?? "never",
                kill.refusesAfter.map { "\(Int($0 / .milliseconds(1))) ms" } ?? "never",
            ])
        }
        table.print()

        let doubling = kills.count { ["campaigns", "postgres"].contains($0.victim) }
        let account = Account(
            database: database, mail: surroundings.mail, broker: broker, services: surroundings.services,
            expectation: Expectation(listings: listings, seekers: seekers), doublesAllowed: doubling * mailWorkers)
        let entries = try await account.entries()
        var sheet = TextTable(header: ["account", "expected", "found", ""])
        for entry in entries { sheet.rows.append([entry.what, entry.expected, entry.found, entry.balances ? "" : "WRONG"]) }
        sheet.print()

        let counts = site.counts
        progress.say("\(counts.asked) listings were asked for at the provider's site, \(counts.again) of them again after a kill.")
        let late = kills.filter { ($0.servesAfter ?? .seconds(3600)) > limit }
        for kill in late { progress.say("WRONG: not everything served within \(limit) of \(kill.victim)'s return.") }
        let slack = kills.filter { ($0.refusesAfter ?? .seconds(3600)) > Self.promisedRefusal }
        for kill in slack { progress.say("WRONG: after \(kill.victim)'s return an ended session was let in for more than \(Self.promisedRefusal).") }
        let wrong = entries.filter { !$0.balances }
        let isRight = wrong.isEmpty && late.isEmpty && slack.isEmpty
        progress.say(
            isRight
                ? "The account balances."
                : "\(wrong.count) lines of the account are wrong, \(late.count) returns were late, \(slack.count) ended sessions were let in too long."
        )
        return isRight
    }
}
