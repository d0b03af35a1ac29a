import Foundation
import Postgres
import Redis

/// Searching among a million listings through the gateway: each question asked once, then the same ones again and again; against the same rows by pgbench.
struct SearchFigures {
    let servers: Servers
    let plan: Plan
    private static let listings = 1_000_000
    /// In nineteen of twenty cases, in milliseconds.
    private static let target = 500.0
    /// So many ask at once, each again as soon as it is answered.
    private static let searching = 16

    func take() async throws -> [Figure] {
        let gateway = try Servers.variable("HEARTH_GATEWAY_URL")
        let database = try HomesDatabase(adminDatabaseURL: servers.adminDatabaseURL)
        try await database.makeListings(Self.listings)
        let wrk = try Wrk(plan: plan)
        defer { wrk.removeFiles() }
        var figures: [Figure] = []
        for question in Self.questions { figures.append(try await uncached(question, gateway, wrk)) }
        figures.append(try await againstRawSQL(database, gateway, wrk))
        figures.append(try await cached(gateway, wrk))
        return figures
    }

    private struct Question {
        var name: String
        /// A path that nobody has asked for yet.
        var path: @Sendable (Int) -> String
    }

    /// `max_deposit` makes each of them another question without making it a rarer one.
    private static let questions = [
        Question(name: "a word of every listing") { "/v1/listings?q=wohnung&limit=20&max_deposit=\(100_000 + $0)" },
        Question(name: "a word of every listing and rooms that none has") {
            "/v1/listings?q=wohnung&min_rooms=9&limit=20&max_deposit=\(100_000 + $0)"
        },
        Question(name: "a word of every listing and an area that few have") {
            "/v1/listings?q=wohnung&min_area=169&max_rent=\(310 + $0 % 50)&sort=price&limit=20&max_deposit=\(100_000 + $0)"
        },
        Question(name: "a rare word") { "/v1/listings?q=linie%20\($0 % 4999)&limit=20&max_deposit=\(100_000 + $0)" },
        Question(name: "words and figures in a city") {
            "/v1/listings?q=whg%20balkon&city=Berlin&min_rooms=2&max_rent=\(900 + $0 % 1000)&limit=20&max_deposit=\(100_000 + $0)"
        },
        Question(name: "the best for two words") { "/v1/listings?q=helle%20wohnung&sort=relevance&limit=20&max_deposit=\(100_000 + $0)" },
        Question(name: "the cheapest in a town") {
            "/v1/listings?city=\(HomesDatabase.town($0 % HomesDatabase.towns))&sort=price&limit=20&max_deposit=\(100_000 + $0)"
        },
        Question(name: "the nearest with a balcony") {
            "/v1/listings?q=balkon&latitude=52.\($0 % 999)&longitude=13.4&max_distance_km=50&sort=distance&limit=20&max_deposit=\(100_000 + $0)"
        },
        Question(name: "what nothing bounds but figures") {
            "/v1/listings?min_area=160&min_rooms=4&property_type=house&limit=20&max_deposit=\(100_000 + $0)"
        },
        Question(name: "figures that hardly any has") { "/v1/listings?min_area=169&max_rent=310&limit=20&max_deposit=\(100_000 + $0)" },
        Question(name: "facets of a word of every listing") { "/v1/listings/facets?q=wohnung&max_deposit=\(100_000 + $0)" },
        // A quarter of a million of them, other ones in each round.
        Question(name: "places as they are typed") {
            "/v1/places?q=\(HomesDatabase.town($0 % 10_000))&limit=\(1 + ($0 / 10_000 + $0 / 1_000_000 * 4) % 25)"
        },
    ]

    private func uncached(_ question: Question, _ gateway: String, _ wrk: Wrk) async throws -> Figure {
        var rounds: [Round] = []
        for round in 0...plan.rounds {
            // Another million for each round: none was asked before.
            let paths = (0..<40_000).map { question.path(round * 1_000_000 + $0) }
            let run = try await wrk.run(gateway, paths, connections: Self.searching)
            guard round > 0 else { continue }
            rounds.append(Round(hearth: run.sample, peer: Sample(value: .nan)))
        }
        return Figure(
            name: "search of \(Self.listings / 1_000_000) M, not cached: \(question.name)", peerName: "", target: .atMost(Self.target),
            rounds: rounds,
            note: "wrk -c\(Self.searching) through the gateway, each question another")
    }

    private func cached(_ gateway: String, _ wrk: Wrk) async throws -> Figure {
        let paths = (0..<100).map { "/v1/listings?q=wohnung&limit=20&max_deposit=\(9_000_000 + $0)" }
        var rounds: [Round] = []
        for round in 0...plan.rounds {
            let hello = try await wrk.run(gateway, ["/v1/analytics/hello"]).sample
            let run = try await wrk.run(gateway, paths)
            guard round > 0 else { continue }
            rounds.append(Round(hearth: run.sample, peer: hello))
        }
        return Figure(
            name: "search, cached", peerName: "Hummingbird hello, same gateway", target: .told, rounds: rounds,
            note: "100 questions, pages of 20 listings")
    }

    /// The walk for a common word, as the service asks for it, by pgbench.
    private func againstRawSQL(_ database: HomesDatabase, _ gateway: String, _ wrk: Wrk) async throws -> Figure {
        let statement = """
            SELECT l.* FROM (
                SELECT listing_id FROM (SELECT * FROM catalog.listing_search ORDER BY listing_id DESC LIMIT 2000) AS walked
                WHERE words @@ $$'wohnung' | 'apartment' | 'whg'$$::tsquery AND deposit <= 100000 ORDER BY listing_id DESC LIMIT 21
            ) AS found JOIN catalog.listings l ON l.id = found.listing_id ORDER BY l.id DESC
            """
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-bench-\(UUID().uuidString).sql")
        try Data((statement.replacing("\n", with: " ") + ";\n").utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var rounds: [Round] = []
        for round in 0...plan.rounds {
            let raw = try await Sample.measured {
                let output = try await Tool.run(
                    "pgbench", ["-n", "-M", "prepared", "-f", file.path, "-c", "8", "-T", "\(plan.wholeSeconds)", database.url])
                return (try Tool.number(after: "tps =", in: output), Int(try Tool.number(after: "actually processed:", in: output)), nil)
            }
            let run = try await wrk.run(gateway, (0..<40_000).map { Self.questions[0].path(10_000_000 + round * 100_000 + $0) })
            guard round > 0 else { continue }
            rounds.append(Round(hearth: run.sample, peer: raw))
        }
        return Figure(
            name: "a word of every listing", peerName: "its SQL by pgbench -M prepared -c 8", target: .told, rounds: rounds,
            note: "the plans of the service's own statements, under its role:\n" + (try await plans(on: database, gateway)))
    }

    private func plans(on database: HomesDatabase, _ gateway: String) async throws -> String {
        try await ServicePlans(of: "catalog", on: database).plans(naming: "listing_search") {
            for (number, name) in ["a word of every listing", "a word of every listing and rooms that none has"].enumerated() {
                guard let question = Self.questions.first(where: { $0.name == name }) else { continue }
                // The service has just lost its connections.
                let patient = ["-sf", "-m", "30", "--retry", "3", "--retry-all-errors", "-o", "/dev/null"]
                _ = try await Tool.run("curl", patient + [gateway + question.path(50_000_000 + number)])
            }
        }
    }
}
