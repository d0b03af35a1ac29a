import Foundation
import Postgres

/// From the message that a listing was read to the messages of what it matches and of who is notified, beside a hundred thousand saved searches that want to
/// be told at once; and how many listings a minute go all the way.
struct MatchingFigures {
    let servers: Servers
    let plan: Plan
    private static let searches = 100_000
    /// That are there before: those among which a home is looked for.
    private static let listings = 100_000
    private static let perMinute = 1_000
    /// In nineteen of twenty cases, in milliseconds.
    private static let target = 2_000.0

    func take() async throws -> [Figure] {
        let database = try HomesDatabase(adminDatabaseURL: servers.adminDatabaseURL)
        try await database.makeListings(Self.listings)
        try await database.makeSearches(Self.searches)
        return try await HomesStream.with(servers) { stream in
            // Warms up.
            try await all(50, of: "warm", through: stream)
            return try await matching(stream) + [try await ingest(stream, database)]
        }
    }

    /// A steady thousand a minute.
    private func matching(_ stream: HomesStream) async throws -> [Figure] {
        var rounds: (matched: [Round], notified: [Round]) = ([], [])
        var matches = 0
        let count = max(Self.perMinute * plan.wholeSeconds / 60, 200)
        for round in 1...plan.rounds {
            let (before, notified, created) = (stream.latencies.count, stream.notified.count, stream.created)
            let start = ContinuousClock.now
            for number in 0..<count {
                try await Task.sleep(until: start + .seconds(60 * Double(number) / Double(Self.perMinute)))
                try await stream.send(round * 100_000 + number, as: "match")
            }
            try await wait(stream, until: created + count)
            let latencies = Array(stream.latencies.dropFirst(before))
            matches += latencies.count
            let rate = Double(count) / start.duration(to: .now).seconds * 60
            let told = Array(stream.notified.dropFirst(notified))
            rounds.matched.append(Round(hearth: Sample(value: rate, latency: Latency(nanoseconds: latencies)), peer: Sample(value: .nan)))
            rounds.notified.append(Round(hearth: Sample(value: rate, latency: Latency(nanoseconds: told)), peer: Sample(value: .nan)))
        }
        let note = String(
            format: "%d listings a minute, one of fifty in five cities where a tenth of the searches look; %.1f matches each", Self.perMinute,
            Double(matches) / Double(count * plan.rounds))
        return [
            Figure(
                name: "read → matches published, \(Self.searches) searches", unit: "/min", peerName: "", target: .atMost(Self.target),
                rounds: rounds.matched, note: note),
            Figure(
                name: "read → notification in alerts, \(Self.searches) searches", unit: "/min", peerName: "", target: .told, rounds: rounds.notified,
                note: "from the scraper's message through catalog to that of alerts that the person's inbox has it"),
        ]
    }

    /// As many as go, against the same rows put in by pgbench.
    private func ingest(_ stream: HomesStream, _ database: HomesDatabase) async throws -> Figure {
        let statement = """
            INSERT INTO catalog.listings (provider, provider_listing_id, title, description, property_type, city, street, postal_code, rent_netto, rooms,
            living_area, available_from, images, is_processed) VALUES ('raw', gen_random_uuid()::text, 'Helle Wohnung mit Balkon',
            'Altbau mit hohen Decken, Dielen, Einbauküche und Blick ins Grüne. Frei ab sofort, Haustiere nach Absprache.', 'apartment',
            'Ort' || translate((random() * 4999)::int::text, '0123456789', 'abcdefghij'), 'Hauptstraße', '10827', 400 + random() * 1400, 2, 60, '2026-12-01', '{https://homes.example/1.jpg}', true);
            """
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-bench-\(UUID().uuidString).sql")
        try Data((statement.replacing("\n", with: " ") + "\n").utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var rounds: [Round] = []
        for _ in 1...plan.rounds {
            let raw = try await Sample.measured {
                let output = try await Tool.run(
                    "pgbench", ["-n", "-M", "prepared", "-f", file.path, "-c", "8", "-T", "\(plan.wholeSeconds)", database.url])
                return (try Tool.number(after: "tps =", in: output) * 60, Int(try Tool.number(after: "actually processed:", in: output)), nil)
            }
            let count = 500 * plan.wholeSeconds
            let whole = try await Sample.measured {
                let start = ContinuousClock.now
                try await all(count, of: "ingest", through: stream)
                return (Double(count) / start.duration(to: .now).seconds * 60, count, nil)
            }
            rounds.append(Round(hearth: whole, peer: raw))
        }
        return Figure(
            name: "listings read → stored, matched, notified", unit: "/min", peerName: "INSERT alone by pgbench -c 8",
            target: .atLeast(Double(Self.perMinute)), rounds: rounds)
    }

    private func all(_ count: Int, of provider: String, through stream: HomesStream) async throws {
        let created = stream.created
        _ = try await Load.rate(of: count, tasks: 16) { number in try await stream.send(number, as: provider) }
        try await wait(stream, until: created + count)
    }

    private func wait(_ stream: HomesStream, until created: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(600)
        var seen = (matches: -1, since: ContinuousClock.now)
        // The matches and notifications come after the listing; they are all there when no more come.
        while stream.created < created || stream.heard != seen.matches || seen.since.duration(to: .now) < .seconds(1) {
            guard ContinuousClock.now < deadline else {
                throw BenchmarkError("\(stream.created) of \(created) listings have gone through the catalog")
            }
            if stream.heard != seen.matches { seen = (stream.heard, .now) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
