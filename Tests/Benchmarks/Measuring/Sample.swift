/// What one run gave.
struct Sample {
    /// Per second, or in the unit of its figure.
    var value: Double
    /// Where single operations were timed.
    var latency: Latency?
    /// Processor time of everything involved, in microseconds per operation.
    var work: Double?

    /// Runs a load that tells how much it did.
    static func measured(_ load: () async throws -> (rate: Double, operations: Int, latency: Latency?)) async throws -> Sample {
        let before = ProcessorTime.spent()
        let (rate, operations, latency) = try await load()
        return Sample(value: rate, latency: latency, work: (ProcessorTime.spent() - before) * 1e6 / Double(max(operations, 1)))
    }
}

/// Hearth's run and its peer's, one right after the other.
struct Round {
    var hearth: Sample
    var peer: Sample
}
