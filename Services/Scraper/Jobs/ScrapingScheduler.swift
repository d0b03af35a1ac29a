import Logging
import ServiceLifecycle

/// The clock: starts jobs whose schedule is due. Copies share the work by locking rows.
struct ScrapingScheduler: Service {
    let jobs: JobStore
    let logger: Logger
    var interval: Duration = .seconds(15)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let started = try await jobs.startDue()
                    if started > 0 { logger.info("Jobs were started by their schedules.", metadata: ["count": "\(started)"]) }
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("Schedules could not be looked at.", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: interval)
            }
        }
    }
}
