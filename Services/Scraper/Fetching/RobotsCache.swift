import Outbound

/// Every server's robots.txt, fetched once and remembered for as long as its answer says.
actor RobotsCache {
    typealias Load = @Sendable () async throws -> (rules: RobotsRules, lifetime: Duration)

    private struct Entry {
        var rules: Task<(rules: RobotsRules, lifetime: Duration), any Error>
        var until: ContinuousClock.Instant?
    }

    private static let mostServers = 1000
    private let shared: SharedRobots
    private var entries: [HostPort: Entry] = [:]

    init(shared: SharedRobots) { self.shared = shared }

    /// Callers that come while the file is being fetched wait for the same answer.
    func rules(for server: HostPort, load: @escaping Load) async throws -> RobotsRules {
        if let entry = entries[server], entry.until.map({ $0 > .now }) ?? true { return try await entry.rules.value.rules }
        if entries.count >= Self.mostServers { entries = entries.filter { $0.value.until.map { $0 > .now } ?? true } }
        if entries.count >= Self.mostServers { entries = [:] }
        // A task of its own: a caller that is cancelled must not take the answer from the others.
        let task = Task { [shared] () -> (rules: RobotsRules, lifetime: Duration) in
            // What another copy has fetched need not be fetched again.
            if let known = await shared.find(server) { return (known.rules, known.lifetime) }
            let loaded = try await load()
            await shared.keep(server, .init(rules: loaded.rules, lifetime: loaded.lifetime))
            return loaded
        }
        entries[server] = Entry(rules: task)
        do {
            let answer = try await task.value
            entries[server] = Entry(rules: task, until: .now + answer.lifetime)
            return answer.rules
        } catch {
            entries[server] = nil
            throw error
        }
    }
}
