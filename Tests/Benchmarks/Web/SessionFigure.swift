import Foundation

/// How long a session that has ended is still good somewhere: from the answer to the sign-out until every service that runs here has refused it.
struct SessionFigure {
    let plan: Plan
    private static let perRound = 10
    /// One route of each service that the benchmarks start.
    private static let paths = ["/v1/auth/sessions", "/v1/listings?limit=1"]

    func take() async throws -> [Figure] {
        let gateway = Gateway(url: try Servers.variable("HEARTH_GATEWAY_URL"))
        let account = try await Account(gateway: gateway)
        var times: [UInt32] = []
        for _ in 0..<Self.perRound * plan.rounds { times.append(UInt32(clamping: try await refusal(account, gateway).nanoseconds)) }
        let latency = Latency(nanoseconds: times)
        return [
            Figure(
                name: "a revoked session is refused", unit: " ms", peerName: "promised: within a second", target: .atMost(1_000),
                rounds: [Round(hearth: Sample(value: latency?.p50 ?? .nan, latency: latency), peer: Sample(value: .nan))],
                note: "from the answer to the sign-out until auth and catalog have both refused it, \(times.count) sessions")
        ]
    }

    private func refusal(_ account: Account, _ gateway: Gateway) async throws -> Duration {
        let token = try await account.signIn()
        // Each service remembers the token from now on.
        for path in Self.paths {
            let status = try await gateway.status(of: path, token: token)
            guard status == 200 else { throw BenchmarkError("\(path) answers \(status) to a session that stands") }
        }
        _ = try await gateway.post("/v1/auth/logout", token: token)
        let start = ContinuousClock.now
        return try await withThrowingTaskGroup(of: Duration.self) { group in
            for path in Self.paths { group.addTask { try await refusal(of: path, token, gateway, since: start) } }
            return try await group.reduce(.zero, max)
        }
    }

    /// Asks again and again.
    private func refusal(of path: String, _ token: String, _ gateway: Gateway, since start: ContinuousClock.Instant) async throws -> Duration {
        while true {
            let status = try await gateway.status(of: path, token: token)
            let time = start.duration(to: .now)
            if status == 401 { return time }
            guard status == 200, time < .seconds(30) else { throw BenchmarkError("\(path) answers \(status) \(time) after the session's end") }
        }
    }
}
