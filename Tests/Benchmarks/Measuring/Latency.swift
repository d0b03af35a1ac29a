/// Percentiles in milliseconds.
struct Latency {
    var p50: Double
    var p95: Double
    var p99: Double

    init(p50: Double, p95: Double, p99: Double) {
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
    }

    init?(nanoseconds: [UInt32]) {
        guard !nanoseconds.isEmpty else { return nil }
        let sorted = nanoseconds.sorted()
        func at(_ share: Double) -> Double { Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1e6 }
        self.init(p50: at(0.5), p95: at(0.95), p99: at(0.99))
    }

    /// The median of each percentile over several runs; nil of none.
    static func median(_ latencies: [Latency]) -> Latency? {
        guard !latencies.isEmpty else { return nil }
        return Latency(p50: latencies.map(\.p50).median, p95: latencies.map(\.p95).median, p99: latencies.map(\.p99).median)
    }
}
