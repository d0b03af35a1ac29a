import ArgumentParser
import Foundation
import Metrics
import ServiceKit

/// Takes the figures and prints the table.
struct Measure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes the figures and prints the table.")

    enum Part: String, CaseIterable, ExpressibleByArgument { case memory, postgres, redis, broker, flow, web, sessions, signins, search, matching }

    @Option(parsing: .upToNextOption, help: "Which parts to measure.") var parts: [Part] = Part.allCases
    @Option(help: "How often each figure is taken.") var rounds = 3
    @Option(help: "How long a run is, in seconds.") var seconds = 2.0

    func run() async throws {
        // What services measure about themselves costs here what it costs there.
        MetricsSystem.bootstrap(PrometheusMetrics())
        let plan = Plan(rounds: rounds, duration: .seconds(seconds))
        let servers = try Servers()
        var figures: [Figure] = []
        var missing: [String] = []
        for part in parts {
            do {
                figures += try await take(part, servers, plan)
            } catch {
                missing.append("\(part.rawValue): not measured: \(error)")
            }
        }
        write(Table.text(figures))
        let remarks = ["", Table.notes(figures)] + missing
        write(remarks.joined(separator: "\n"))
        write("Medians of \(rounds) rounds of \(seconds) s; each ratio is the median of the rounds' ratios, Hearth and peer in turns.")
        write(
            "CPU: processor time of Hearth : peer in microseconds per operation, servers and load generators included; it tells more on a busy machine."
        )
        write(try await Machine.description(servers))
        // A missed target is a fact about the machine and the moment, and the table tells it; a figure that could not be taken is a failure.
        if !missing.isEmpty { throw ExitCode(1) }
    }

    private func take(_ part: Part, _ servers: Servers, _ plan: Plan) async throws -> [Figure] {
        switch part {
        case .memory: try MemoryFigure().take()
        case .postgres: try await PostgresFigures(servers: servers, plan: plan).take()
        case .redis: try await RedisFigures(servers: servers, plan: plan).take()
        case .broker: try await BrokerFigures(servers: servers, plan: plan).take()
        case .flow: try await FlowFigure(servers: servers, plan: plan).take()
        case .web: try await WebFigures(servers: servers, plan: plan).take()
        case .signins: try await SignInFigures(servers: servers, plan: plan).take()
        case .search: try await SearchFigures(servers: servers, plan: plan).take()
        case .matching: try await MatchingFigures(servers: servers, plan: plan).take()
        case .sessions: try await SessionFigure(plan: plan).take()
        }
    }

    private func write(_ text: String) {
        guard !text.isEmpty else { return }
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
}
