/// How often and after which pauses a failed message is tried again before it is parked.
public struct RetryPolicy: Sendable, Hashable {
    /// One queue each, so a message that waits ten minutes does not hold up one that waits a second.
    public var delays: [Duration]

    public init(delays: [Duration]) { self.delays = delays }

    /// 1 s, 10 s, 1 min, 10 min: five attempts in about eleven minutes.
    public static let standard = RetryPolicy(delays: [.seconds(1), .seconds(10), .seconds(60), .seconds(600)])

    /// The pause after the `attempt`-th failure, counted from 1; nil when it was the last.
    func delay(after attempt: Int) -> Duration? { delays.indices.contains(attempt - 1) ? delays[attempt - 1] : nil }
}
