import Metrics

/// What the pool tells about itself.
struct PoolMeters: Sendable {
    private let size: Gauge
    private let inUse: Gauge
    private let waiting: Gauge
    private let acquire: Metrics.Timer
    let query: Metrics.Timer

    init(name: String) {
        let dimensions = [("pool", name)]
        size = Gauge(label: "postgres_pool_connections", dimensions: dimensions)
        inUse = Gauge(label: "postgres_pool_connections_in_use", dimensions: dimensions)
        waiting = Gauge(label: "postgres_pool_waiting", dimensions: dimensions)
        acquire = Metrics.Timer(label: "postgres_pool_acquire_duration", dimensions: dimensions)
        query = Metrics.Timer(label: "postgres_query_duration", dimensions: dimensions)
    }

    func record(_ slots: [Slot], waiting count: Int) {
        size.record(slots.count)
        inUse.record(slots.count { $0.load > 0 || $0.use == .reserved })
        waiting.record(count)
    }

    func waited(since: ContinuousClock.Instant) { acquire.record(nanoseconds: since) }

    func answered(since: ContinuousClock.Instant) { query.record(nanoseconds: since) }
}

extension Metrics.Timer {
    fileprivate func record(nanoseconds since: ContinuousClock.Instant) {
        let (seconds, attoseconds) = since.duration(to: .now).components
        recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
