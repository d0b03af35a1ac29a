import Foundation
import Logging
import ServiceKit
import ServiceLifecycle

/// Lets listings grow old: what nobody has seen for a while becomes inactive, and later goes to the archive. Any number of copies may do it.
struct ListingAgeing: Service {
    let store: ListingAgeStore
    let limits: AgeLimits
    let pause: Duration
    let logger: Logger
    var now: @Sendable () -> Date = { Date() }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let (retired, archived) = try await age()
                    if retired + archived > 0 {
                        logger.info("Listings grew old.", metadata: ["inactive": "\(retired)", "archived": "\(archived)"])
                    }
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("Listings could not be aged.", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: pause) } catch { return }
            }
        }
    }

    /// Everything that is due, batch by batch.
    func age() async throws -> (retired: Int, archived: Int) {
        let now = now()
        let retired = try await batches { try await store.retire(unseenSince: limits.inactive(at: now), now: now) }
        let archived = try await batches { try await store.archive(unseenSince: limits.archived(at: now), now: now) }
        return (retired, archived)
    }

    private func batches(_ next: () async throws -> Int) async throws -> Int {
        var total = 0
        while true {
            try Task.checkCancellation()
            let count = try await next()
            total += count
            guard count == ListingAgeStore.batch else { return total }
        }
    }
}
