import ArgumentParser
import Contracts

/// Migrations upwards.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Brings the schemas up to date.")

    @Argument(help: "The services; all of them by default.")
    var services: [ServiceName] = ServiceName.allCases

    func run() async throws {
        try await Console.explaining {
            let hearth = try Operator()
            for (service, versions) in try await hearth.migrations.migrate(services, databaseURL: hearth.databaseURL()) {
                Console.say("\(service.rawValue): \(versions.isEmpty ? "up to date" : "applied \(versions.joined(separator: ", "))")")
            }
        }
    }
}
