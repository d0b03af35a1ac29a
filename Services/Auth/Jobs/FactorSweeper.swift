import Logging
import ServiceLifecycle

/// Removes challenges, codes and unconfirmed factors whose time is over, once a minute; any number of copies may do it.
struct FactorSweeper: Service {
    let factors: FactorStore
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(60))
                do {
                    try await factors.sweep()
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("Old codes were not removed", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
