import ArgumentParser
import ClientKit
import Foundation

/// What `make chaos` and `make soak` run against a system of their own: faults, and a steady load.
@main
struct Chaos: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hearth-chaos", abstract: "Puts a running Hearth under faults and load, and keeps the account from the outside.",
        subcommands: [Faults.self, Soak.self])

    /// Runs a command and tells what stopped it in words.
    static func telling(_ body: () async throws -> Bool) async throws {
        do {
            guard try await body() else { throw ExitCode.failure }
        } catch let failure as StepFailure {
            FileHandle.standardError.write(Data("\nerror: \(failure.description)\n".utf8))
            throw ExitCode.failure
        }
    }
}
