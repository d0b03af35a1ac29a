import Foundation

/// What one run of a load gave.
struct Sample {
    /// Per second.
    var rate: Double
    /// In milliseconds, where single operations were timed.
    var latency: Latency?
}

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

    /// The middle one of several runs, by its median.
    static func middle(_ latencies: [Latency]) -> Latency? {
        latencies.isEmpty ? nil : latencies.sorted { $0.p50 < $1.p50 }[latencies.count / 2]
    }
}
