import Foundation

/// Tasks that do one thing again and again.
enum Load {
    /// Runs `tasks` tasks for a while; each call of `operation` counts once and is timed.
    static func run(tasks: Int, for duration: Duration, _ operation: @escaping @Sendable (_ task: Int) async throws -> Void) async throws -> Sample {
        try await .measured {
            let start = ContinuousClock.now
            let times = try await times(tasks, until: start + duration, operation)
            return (Double(times.count) / start.duration(to: .now).seconds, times.count, Latency(nanoseconds: times))
        }
    }

    private static func times(
        _ tasks: Int, until end: ContinuousClock.Instant, _ operation: @escaping @Sendable (_ task: Int) async throws -> Void
    ) async throws -> [UInt32] {
        try await withThrowingTaskGroup(of: [UInt32].self) { group in
            for task in 0..<tasks {
                group.addTask {
                    var times: [UInt32] = []
                    times.reserveCapacity(100_000)
                    var before = ContinuousClock.now
                    while before < end {
                        try await operation(task)
                        let after = ContinuousClock.now
                        times.append(UInt32(clamping: (after - before).nanoseconds))
                        before = after
                    }
                    return times
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// Shares `count` calls among tasks. Per second.
    static func rate(of count: Int, tasks: Int, _ operation: @escaping @Sendable (_ number: Int) async throws -> Void) async throws -> Double {
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask { for number in stride(from: task, to: count, by: tasks) { try await operation(number) } }
            }
            try await group.waitForAll()
        }
        return Double(count) / start.duration(to: .now).seconds
    }
}

extension Duration {
    var seconds: Double { self / .seconds(1) }
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}

extension [Double] {
    /// The middle one; NaN of none.
    var median: Double {
        guard !isEmpty else { return .nan }
        let sorted = sorted()
        return count.isMultiple(of: 2) ? (sorted[count / 2 - 1] + sorted[count / 2]) / 2 : sorted[count / 2]
    }
}
