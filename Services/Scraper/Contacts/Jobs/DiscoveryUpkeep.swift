import Logging
import ServiceLifecycle

/// By the clock: jobs whose time is over go, batch by batch.
struct DiscoveryUpkeep: Service {
    let jobs: DiscoveryJobStore
    let logger: Logger
    var interval: Duration = .seconds(3600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    while try await jobs.forget() > 0 { try await Task.sleep(for: .milliseconds(50)) }
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("Old jobs could not be looked after.", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: interval)
            }
        }
    }
}
