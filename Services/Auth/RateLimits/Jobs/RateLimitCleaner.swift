import Logging
import ServiceKit
import ServiceLifecycle

/// Deletes windows after a day, every hour, in small batches; any number of copies share the work.
struct RateLimitCleaner: Service {
    let limits: RateLimitStore
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                do {
                    while try await limits.deleteOld() > 0 {}
                } catch let error where !(error is CancellationError) {
                    logger.warning("Old windows of rate limits could not be deleted", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: .seconds(3600))
            }
        }
    }
}
