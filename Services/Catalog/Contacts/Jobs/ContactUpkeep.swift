import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// By the clock: contacts whose time is over are erased, and what the blacklist is about is shut out.
struct ContactUpkeep: Service {
    let store: ContactUpkeepStore
    let blacklist: ContactBlacklistStore
    let logger: Logger
    var interval: Duration = .seconds(900)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await once() } catch is CancellationError { return } catch {
                    logger.warning("Contacts could not be looked after.", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: interval)
            }
        }
    }

    /// Batch by batch until nothing is left, with a pause in between for everybody else.
    func once() async throws {
        var erased = 0
        while case let count = try await store.eraseExpired(), count > 0 {
            erased += count
            try await Task.sleep(for: .milliseconds(50))
        }
        while try await store.silenceOldListings() > 0 { try await Task.sleep(for: .milliseconds(50)) }
        while try await sweep() > 0 { try await Task.sleep(for: .milliseconds(50)) }
        while try await store.forgetDecisions() > 0 { try await Task.sleep(for: .milliseconds(50)) }
        if erased > 0 { logger.info("Contacts were erased: their time was over.", metadata: ["count": "\(erased)"]) }
    }

    private func sweep() async throws -> Int {
        try await blacklist.postgres.transaction(as: ServiceCaller()) { tx in try await blacklist.apply(in: tx) }
    }
}
