import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import ServiceLifecycle
import Synchronization

/// Where counts go: `auth` writes them down itself, every other service sends them there.
public protocol RateLimitSink: Sendable {
    func report(_ windows: [RateLimitWindow]) async throws
}

/// Through the outbox, so that no count is lost or added twice.
struct OutboxRateLimitSink: RateLimitSink {
    let postgres: Postgres
    let processID = UUID.v7()

    func report(_ windows: [RateLimitWindow]) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in try await tx.send(ReportRateLimits(processID: processID, windows: windows)) }
    }
}

/// Tells every few seconds, and at the end, how often who asked: no request waits for it. Of windows in which somebody used less than
/// `rate_limits.reported_share` of their limit (a tenth, unless the configuration says otherwise) and was refused nothing, nothing is told.
public final class RateLimitReporter: Service {
    private static let batch = 500

    private let limiter: RateLimiter
    private let pause: Duration
    private let share: LiveValue<Double>
    private let sink: Mutex<any RateLimitSink>
    private let logger: Logger

    init(_ limiter: RateLimiter, sink: any RateLimitSink, every pause: Duration, share: LiveValue<Double>, logger: Logger) {
        self.limiter = limiter
        self.pause = pause
        self.share = share
        self.sink = Mutex(sink)
        self.logger = logger
    }

    /// Reports elsewhere than by the broker: `auth` does, to its own tables. Call it in `build`.
    public func use(_ sink: any RateLimitSink) { self.sink.withLock { $0 = sink } }

    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: self.pause)
                await self.report()
            }
        }
        await report()
    }

    /// Reports at once.
    public func report() async {
        let windows = limiter.collect(share: share.current)
        let sink = sink.withLock { $0 }
        for start in stride(from: 0, to: windows.count, by: Self.batch) {
            do {
                try await sink.report(Array(windows[start..<min(start + Self.batch, windows.count)]))
            } catch {
                logger.warning("Counts of requests could not be reported", metadata: ["error": "\(error)"])
            }
        }
    }
}
