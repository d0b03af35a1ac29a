import Foundation

/// Signing in and staying signed in, through the gateway.
struct SignInFigures {
    let servers: Servers
    let plan: Plan
    private static let accounts = 20
    private static let arrivalsPerSecond = 8
    private static let readsPerSecond = 1_000
    private static let tokensPerSession = 50
    /// Sign-ins are few: below this a percentile says nothing.
    private static let shortestRun = Duration.seconds(8)

    func take() async throws -> [Figure] {
        let gateway = Gateway(url: try Servers.variable("HEARTH_GATEWAY_URL"))
        let listing = try await ListingFixture(adminDatabaseURL: servers.adminDatabaseURL).make(1)[0]
        let people = try await Self.arrive(gateway)
        var rounds: [String: [Round]] = [:]
        for round in 0...plan.rounds {
            let taken = try await [
                "rate": rate(people), "together": together(people), "arrivals": arrivals(people, gateway, "/v1/listings/\(listing)"),
                "refresh": refresh(people), "check": check(people, gateway, "/v1/listings/\(listing)"),
            ]
            if round > 0 { rounds.merge(taken.mapValues { [$0] }, uniquingKeysWith: +) }
        }
        func of(_ name: String) -> [Round] { rounds[name] ?? [] }
        return [
            Figure(
                name: "sign-in, cost 10", peerName: "bare crypt loop, \(CryptLoop.threads) threads", target: .ratio(0.85), rounds: of("rate"),
                note: "\(Self.accounts) people sign in again and again, through the gateway"),
            Figure(
                name: "20 sign-ins at once", peerName: "20 hashes by the bare loop", target: .ratio(1 / 1.3), rounds: of("together"),
                note: "per second, from the first request to the last answer; the floor is 1.3 × the hashes' time"),
            Figure(
                name: "sign-in while others read", unit: " ms", peerName: "one hash, at p95", target: .atMost(150), rounds: of("arrivals"),
                note: "\(Self.arrivalsPerSecond) arrivals a second for \(duration), while \(Self.readsPerSecond) cached listings a second are read"),
            Figure(
                name: "refresh", peerName: "", target: .told, rounds: of("refresh"), note: "\(Self.accounts) sessions refresh one after the other"),
            Figure(
                name: "a token's first request", peerName: "its second", target: .told, rounds: of("check"),
                note:
                    "signature and session checked, against both remembered: a cached listing, \(Self.accounts * Self.tokensPerSession) tokens, \(Self.accounts) at once"
            ),
        ]
    }

    private var duration: Duration { max(plan.duration, Self.shortestRun) }

    private static func arrive(_ gateway: Gateway) async throws -> [Account] {
        try await withThrowingTaskGroup(of: Account.self) { group in
            for _ in 0..<accounts { group.addTask { try await Account(gateway: gateway) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}

// MARK: - Each figure

extension SignInFigures {
    private func rate(_ people: [Account]) async throws -> Round {
        let hearth = try await Load.run(tasks: people.count, for: duration) { _ = try await people[$0].signIn() }
        return Round(hearth: hearth, peer: try await CryptLoop.run(for: duration))
    }

    private func together(_ people: [Account]) async throws -> Round {
        let count = people.count
        let hearth = try await Sample.measured {
            let rate = try await Load.rate(of: count, tasks: count) { _ = try await people[$0].signIn() }
            return (rate, count, nil)
        }
        return Round(hearth: hearth, peer: try await CryptLoop.run(count: count))
    }

    /// People come by the clock, whether or not those before them have been served.
    private func arrivals(_ people: [Account], _ gateway: Gateway, _ path: String) async throws -> Round {
        let token = try await people[0].signIn()
        let count = Int(duration.seconds * Double(Self.arrivalsPerSecond))
        let times = try await withThrowingTaskGroup(of: [UInt32].self) { group in
            group.addTask {
                _ = try await Pace(perSecond: Self.readsPerSecond).run(count * Self.readsPerSecond / Self.arrivalsPerSecond) { _ in
                    let status = try await gateway.status(of: path, token: token)
                    guard status == 200 else { throw BenchmarkError("\(path) answers \(status)") }
                }
                return []
            }
            group.addTask {
                try await Pace(perSecond: Self.arrivalsPerSecond).run(count) { _ = try await people[$0 % people.count].signIn() }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let latency = Latency(nanoseconds: times)
        let hash = try await CryptLoop.run(count: count)
        return Round(
            hearth: Sample(value: latency?.p95 ?? .nan, latency: latency), peer: Sample(value: hash.latency?.p95 ?? .nan))
    }

    private func refresh(_ people: [Account]) async throws -> Round {
        let sessions = try await sessions(of: people)
        let hearth = try await Load.run(tasks: sessions.count, for: plan.duration) { _ = try await sessions[$0].refresh() }
        return Round(hearth: hearth, peer: Sample(value: .nan))
    }

    private func check(_ people: [Account], _ gateway: Gateway, _ path: String) async throws -> Round {
        let tokens = try await tokens(of: sessions(of: people))
        let read = {
            try await Sample.measured {
                let rate = try await Load.rate(of: tokens.count, tasks: people.count) { number in
                    let status = try await gateway.status(of: path, token: tokens[number])
                    guard status == 200 else { throw BenchmarkError("\(path) answers \(status)") }
                }
                return (rate, tokens.count, nil)
            }
        }
        return Round(hearth: try await read(), peer: try await read())
    }

    private func sessions(of people: [Account]) async throws -> [AccountSession] {
        try await withThrowingTaskGroup(of: AccountSession.self) { group in
            for person in people { group.addTask { try await person.session() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Tokens that no service but auth has met.
    private func tokens(of sessions: [AccountSession]) async throws -> [String] {
        try await withThrowingTaskGroup(of: [String].self) { group in
            for session in sessions {
                group.addTask {
                    var tokens: [String] = []
                    for _ in 0..<Self.tokensPerSession { tokens.append(try await session.refresh()) }
                    return tokens
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}
