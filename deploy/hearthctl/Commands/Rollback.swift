import ArgumentParser
import Contracts

/// Migrations downwards.
struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes the last migrations of one service back. Data in what they made is lost.")

    @Argument(help: "The service.")
    var service: ServiceName

    @Option(help: "How many migrations.")
    var steps = 1

    func validate() throws {
        guard steps > 0 else { throw ValidationError("--steps must be at least 1.") }
    }

    func run() async throws {
        try await Console.explaining {
            let hearth = try Operator()
            for (service, versions) in try await hearth.migrations.rollback([service], steps: steps, databaseURL: hearth.databaseURL()) {
                Console.say("\(service.rawValue): \(versions.isEmpty ? "nothing to take back" : "took back \(versions.joined(separator: ", "))")")
            }
        }
    }
}
