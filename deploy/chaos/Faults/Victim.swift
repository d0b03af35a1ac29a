import ClientKit

/// What is killed. A service is started again at once, as an orchestrator would; a server comes back by itself, and nobody helps the services.
enum Victim: Sendable {
    case service(String)
    case server(String)

    static let servers = ["rabbitmq", "redis", "postgres"]

    var name: String {
        switch self {
        case .service(let name), .server(let name): name
        }
    }

    func kill(with scripts: LocalScript) async throws { try await run("kill", scripts) }

    /// Returns once it is back by the word of its own script.
    func start(with scripts: LocalScript) async throws { try await run("start", scripts) }

    private func run(_ command: String, _ scripts: LocalScript) async throws {
        switch self {
        case .service(let name): try await scripts.run("services.sh", [command, name])
        case .server(let name): try await scripts.run("\(name).sh", [command])
        }
    }
}
