import ArgumentParser
import ClientKit
import Foundation

/// Holds a steady load and watches what must not grow.
struct Soak: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Holds a steady mixed load, watches memory, descriptors, connections and lag, and fails unless they are flat at the end.")

    @Option(help: "For how long.")
    var minutes = 10.0

    @Option(help: "Seconds between two looks.")
    var every = 5

    func validate() throws {
        guard minutes >= 2 else { throw ValidationError("MINUTES must be 2 at least: the first third is for warming up.") }
        guard (1...60).contains(every) else { throw ValidationError("--every must be between 1 and 60.") }
    }

    func run() async throws {
        try await Chaos.telling {
            let surroundings = try Surroundings()
            return try await Database.with(surroundings) { database in
                try await RedisCounts.with(surroundings) { redis in
                    let watch = Watch(surroundings: surroundings, database: database, broker: try BrokerCounts(surroundings), redis: redis)
                    return try await SoakRun(surroundings, watch, time: .seconds(minutes * 60), every: .seconds(every)).run()
                }
            }
        }
    }
}
