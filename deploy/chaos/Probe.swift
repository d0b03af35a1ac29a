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
