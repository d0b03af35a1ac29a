import Foundation
import Logging
import Postgres
import ServiceLifecycle

/// Lets go what is kept no longer, daily at two o'clock in the night (UTC), in small batches, each a short transaction. Any number of copies may do it:
/// they share the rows. A copy that starts later in the day does what is due at once.
public struct Retention: Service {
    /// So many rows of one kind at a time: no lock is held for long.
    public static let batch = 500
    private static let hour = 2.0

    private let postgres: Postgres
    private let rules: [RetentionRule]
    private let logger: Logger
    private let now: @Sendable () -> Date
    private let sleep: @Sendable (Duration) async throws -> Void

    public init(_ rules: [RetentionRule], postgres: Postgres, logger: Logger) {
        self.init(rules, postgres: postgres, logger: logger, now: { Date() }, sleep: { try await Task.sleep(for: $0) })
    }

    /// Under a clock of a test's.
    public init(
        _ rules: [RetentionRule], postgres: Postgres, logger: Logger, now: @escaping @Sendable () -> Date,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.postgres = postgres
        self.rules = rules
        self.logger = logger
        self.now = now
        self.sleep = sleep
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await keep()
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("What is kept no longer could not be let go.", metadata: ["error": "\(error)"])
                }
                do { try await sleep(.seconds(Self.untilNext(after: now()))) } catch { return }
            }
        }
    }

    /// Everything that is due, by rule. Returns how many rows went.
    @discardableResult
    public func keep() async throws -> [String: Int] {
        let now = now()
        var gone: [String: Int] = [:]
        for rule in rules {
            while true {
                try Task.checkCancellation()
                let count = try await postgres.transaction(as: ServiceCaller(), retries: 3) { tx in try await tx.execute(rule.batch(now, Self.batch))
                }
                gone[rule.name, default: 0] += count
                if count < Self.batch { break }
            }
        }
        let told = gone.filter { $0.value > 0 }
        if !told.isEmpty { logger.info("What is kept no longer was let go.", metadata: ["rows": "\(told)"]) }
        return gone
    }

    /// Seconds until the next two o'clock.
    static func untilNext(after now: Date) -> Double {
        let day = 86_400.0
        let sinceMidnight = now.timeIntervalSince1970.truncatingRemainder(dividingBy: day)
        let wait = hour * 3600 - sinceMidnight
        return wait > 0 ? wait : wait + day
    }
}
