import CoreMetrics
import Synchronization

/// Counts by fixed upper bounds. The lock is held for a few nanoseconds and by the writers of one series only.
final class PrometheusHistogram: TimerHandler, RecorderHandler, PrometheusSeries {
    /// For timers: 0.5 ms to 10 s.
    static let seconds: [Double] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// For counts and sizes: powers of four.
    static let sizes: [Double] = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262_144, 1_048_576]

    private struct State {
        var counts: [UInt64]
        var sum: Double = 0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        var bucket = 0
        while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func write(_ name: String, _ labels: String, to text: inout PrometheusText) {
        let state = state.withLock { $0 }
        var total: UInt64 = 0
        for (index, count) in state.counts.enumerated() {
            total += count
            let bound = index < bounds.count ? PrometheusText.number(bounds[index]) : "+Inf"
            let separator = labels.isEmpty ? "" : ","
            text.sample(name + "_bucket", "\(labels)\(separator)le=\"\(bound)\"", String(total))
        }
        text.sample(name + "_sum", labels, PrometheusText.number(state.sum))
        text.sample(name + "_count", labels, String(total))
    }
}
