import Metrics

/// What the client tells about itself.
struct RedisMetrics: Sendable {
    private let answers = Counter(label: "redis_commands_total", dimensions: [("result", "answered")])
    private let refusals = Counter(label: "redis_commands_total", dimensions: [("result", "refused")])
    private let timeouts = Counter(label: "redis_commands_total", dimensions: [("result", "timeout")])
    private let outages = Counter(label: "redis_commands_total", dimensions: [("result", "unavailable")])
    private let duration = Timer(label: "redis_command_duration_seconds")
    private let connections = Gauge(label: "redis_connections")

    func answered(in nanoseconds: UInt64) {
        answers.increment()
        duration.recordNanoseconds(Int64(nanoseconds))
    }

    func failed(_ error: any Error) {
        switch error as? RedisError {
        case .server, .unexpectedReply: refusals.increment()
        case .timeout: timeouts.increment()
        case .unavailable, .overloaded: outages.increment()
        case .invalidURL, nil: break
        }
    }

    func connected(_ count: Int) { connections.record(count) }
}
