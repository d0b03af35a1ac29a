import Logging
import ServiceLifecycle

/// Compares readers with their own past, and says so when one falls behind it. Any number of copies may: an alarm is raised once.
struct ReaderWatch: Service {
    let drifts: DriftStore
    let logger: Logger
    var interval: Duration = .seconds(300)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: interval)
                do {
                    for drift in try await drifts.watch() {
                        logger.error(
                            "A reader finds a field more seldom than it used to: the site has changed.",
                            metadata: [
                                "provider": "\(drift.provider)", "field": "\(drift.field)", "past": "\(drift.pastShare)",
                                "recent": "\(drift.recentShare)",
                            ])
                    }
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("Readers could not be compared with their past.", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
