import Logging
import ServiceLifecycle

/// Forgets, by the clock, which pages need not be asked for whole: one that nobody has asked for in 90 days is asked for whole once more.
struct CopySweep: Service {
    static let days = 90

    let fetches: FetchStore
    let logger: Logger
    var interval: Duration = .seconds(3600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: interval)
                do {
                    while try await fetches.forget(olderThan: Self.days) > 0 {}
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("Old copies of pages could not be forgotten.", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
