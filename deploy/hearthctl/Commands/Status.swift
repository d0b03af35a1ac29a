import ArgumentParser
import Contracts

/// Which migrations are applied.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells which migrations each schema has. Ends with status 1 when one is missing or was changed after it was applied.")

    @Argument(help: "The services; all of them by default.")
    var services: [ServiceName] = ServiceName.allCases

    func run() async throws {
        var isComplete = true
        try await Console.explaining {
            let hearth = try Operator()
            var rows = [["SERVICE", "VERSION", "STATE", "DESCRIPTION"]]
            for (service, migrations) in try await hearth.migrations.status(services, databaseURL: hearth.databaseURL()) {
                for migration in migrations {
                    rows.append([service.rawValue, migration.version, migration.state.rawValue, migration.description])
                    isComplete = isComplete && migration.state == .applied
                }
            }
            Console.table(rows)
        }
        if !isComplete { throw ExitCode.failure }
    }
}
