import ArgumentParser
import ClientKit
import Foundation

/// Kills every service and every server while listings flow, and settles the account.
struct Faults: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Kills every service and every server once while listings flow from a generated site, and settles the account at the end.")

    @Option(help: "How many listings.")
    var count = 1000

    @Option(help: "Seconds in which everything must serve again after a server's return.")
    var within = 10

    @Option(help: "Workers that send mail at the same time in one copy of campaigns: SMTP_CONNECTIONS.")
    var mailWorkers = 4

    func validate() throws {
        guard count >= 100 else { throw ValidationError("COUNT must be 100 at least, so that work is under way at each kill.") }
    }

    func run() async throws {
        try await Chaos.telling {
            let surroundings = try Surroundings()
            return try await Database.with(surroundings) { database in
                try await FaultRun(surroundings, database, listings: count, limit: .seconds(within), mailWorkers: mailWorkers).run()
            }
        }
    }
}
