import ClientKit
import Foundation

/// The load and the watch side by side, and the verdict.
struct SoakRun: Sendable {
    private let surroundings: Surroundings
    private let watch: Watch
    private let time: Duration
    private let every: Duration
    private let progress = Progress()

    init(_ surroundings: Surroundings, _ watch: Watch, time: Duration, every: Duration) {
        self.surroundings = surroundings
        self.watch = watch
        self.time = time
        self.every = every
    }

    /// True when everything is flat and no request of the load has failed.
    func run() async throws -> Bool {
        let site = EndlessSite()
        return try await ProviderSite(port: surroundings.sitePort, page: site.page).serve { url in
            let load = try await Load(surroundings, site: url)
            progress.say("A steady load for \(Progress.seconds(time)); a look every \(Progress.seconds(every)).")
            let series = try await withThrowingTaskGroup(of: Void.self) { group in
                for work in load.works { group.addTask { await work.run() } }
                defer { group.cancelAll() }
                return try await watching(load)
            }
            return tell(series, load)
        }
    }

    private func watching(_ load: Load) async throws -> [Series.Name: Series] {
        var series: [Series.Name: Series] = [:]
        let start = ContinuousClock.now
        var said = start
        var next = start
        while ContinuousClock.now - start < time {
            let minutes = (ContinuousClock.now - start) / .seconds(60)
            for (name, value) in try await watch.look() { series[name, default: Series()].add(value, at: minutes) }
            if ContinuousClock.now - said >= .seconds(60) {
                said = .now
                let memory = surroundings.services.map { "\($0) \(Self.round(series[.init($0, .memory)]?.points.last?.value ?? 0))" }
                progress.say("\(load.tally.done) requests, \(load.tally.failed) failed; MiB: \(memory.joined(separator: ", "))")
            }
            next += every
            try await Task.sleep(until: next, clock: .continuous)
        }
        return series
    }

    private func tell(_ series: [Series.Name: Series], _ load: Load) -> Bool {
        var table = TextTable(header: ["what", "start", "middle", "end", "slope/min", "allowed", ""])
        var growing = 0
        for kind in Series.Kind.allCases {
            for name in series.keys.filter({ $0.kind == kind }).sorted(by: { $0.owner < $1.owner }) {
                guard let points = series[name] else { continue }
                let isFlat = points.isFlat(as: kind)
                growing += isFlat ? 0 : 1
                table.rows.append([
                    "\(name.owner): \(kind.rawValue)", Self.round(points.third(0)), Self.round(points.third(1)), Self.round(points.third(2)),
                    Self.round(points.slope, digits: 2), Self.round(points.third(1) + kind.allowance(above: points.third(1))), isFlat ? "" : "GROWS",
                ])
            }
        }
        table.print()
        var works = TextTable(header: ["load", "done", "failed"])
        for work in load.works { works.rows.append([work.name, String(work.tally.done), String(work.tally.failed)]) }
        works.print()
        for work in load.works { if let failure = work.tally.lastFailure { progress.say("\(work.name): \(failure)") } }
        let failed = load.tally.failed
        progress.say(growing == 0 && failed == 0 ? "Everything is flat." : "\(growing) figures grow, \(failed) requests failed.")
        return growing == 0 && failed == 0
    }

    private static func round(_ value: Double, digits: Int = 1) -> String {
        value.formatted(.number.precision(.fractionLength(0...digits)).grouping(.never).locale(Locale(identifier: "en_US_POSIX")))
    }
}
