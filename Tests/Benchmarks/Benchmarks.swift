import ArgumentParser

@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hearth-bench", abstract: "Measures Hearth against the plainest use of what it stands on.",
        subcommands: [Measure.self, Hello.self], defaultSubcommand: Measure.self)
}
