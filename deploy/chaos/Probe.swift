import ClientKit
import Foundation

/// Tells whether every service serves: its own readiness, and a real request through the gateway.
struct Probe: Sendable {
    private let surroundings: Surroundings
    /// For each service a path that an administrator reads with 200.
    private let paths: [String: String]

    /// Chooses the requests from the services' own documents: the first that reads something and needs no parameter.
    init(_ surroundings: Surroundings) async throws {
        self.surroundings = surroundings
        let reader = try await surroundings.signInAdministrator().client
        var paths: [String: String] = [:]
        for service in surroundings.services {
            let document = try await surroundings.gateway.get("/openapi.json")["paths"]
            let own = try await HearthClient(baseURL: surroundings.url(of: service)).get("/v1/\(service)/openapi.json")["paths"].fields.keys
            for path in own.sorted() where Self.isPlain(document[path]["get"]) && !path.contains("{") {
                guard try await reader.send("GET", path).status == 200 else { continue }
                paths[service] = path
                break
            }
            guard paths[service] != nil else { throw StepFailure("No path of \(service) can be read by an administrator without parameters.") }
        }
        self.paths = paths
    }

    /// Answers an object and not a stream that never ends.
    private static func isPlain(_ operation: JSON) -> Bool {
        operation["responses"]["200"]["content"]["application/json"] != .null
    }

    /// What does not serve right now.
    func silent(as reader: Person) async -> [String] {
        await withTaskGroup(of: String?.self) { group in
            for service in surroundings.services {
                group.addTask { await isReady(service) ? nil : "\(service) is not ready" }
                group.addTask {
                    guard let path = paths[service] else { return nil }
                    let status = try? await reader.client.send("GET", path, timeout: .seconds(5)).status
                    return status == 200 ? nil : "GET \(path): \(status.map(String.init) ?? "no answer")"
                }
            }
            return await group.reduce(into: []) { if let word = $1 { $0.append(word) } }.sorted()
        }
    }

    /// Ready with all its parts: one that is merely degraded has not everything back.
    private func isReady(_ service: String) async -> Bool {
        guard let reply = try? await surroundings.admin(of: service).send("GET", "/readyz", timeout: .seconds(5)) else { return false }
        return reply.status == 200 && reply.json["status"].string == "ready"
    }

    /// How long an ended session is let in anywhere: from the answer to the sign-out until the last service refuses the token, which all had remembered.
    /// The machine may be busy with something else altogether for a moment, so it has three chances to keep to what is promised.
    func refusal(within promised: Duration) async throws -> Duration {
        var took = try await refusal()
        for _ in 0..<2 where took > promised { took = try await refusal() }
        return took
    }

    private func refusal() async throws -> Duration {
        let person = try await surroundings.signInAdministrator()
        guard let token = person.client.token else { throw StepFailure("The administrator has no token.") }
        let services = surroundings.services.map { (HearthClient(baseURL: surroundings.url(of: $0), token: token), "/v1/\($0)/openapi.json") }
        for (client, path) in services { _ = try await client.get(path) }
        _ = try await person.client.post("/v1/auth/logout", [:], expecting: 204)
        let ended = ContinuousClock.now
        return try await withThrowingTaskGroup(of: Duration.self) { group in
            for (client, path) in services {
                group.addTask {
                    try await Waiting.until("\(path) being refused to an ended session", within: .seconds(30), every: .milliseconds(10)) {
                        try await client.send("GET", path).status == 401 ? ContinuousClock.now - ended : nil
                    }
                }
            }
            return try await group.reduce(.zero, max)
        }
    }

    /// How long it takes until everything serves, or what does not after the limit.
    func untilAllServe(as reader: Person, within limit: Duration) async -> (took: Duration, silent: [String]) {
        let start = ContinuousClock.now
        while true {
            let silent = await silent(as: reader)
            let took = ContinuousClock.now - start
            if silent.isEmpty || took > limit { return (took, silent) }
            try? await Task.sleep(for: .milliseconds(250))
        }
    }
}
