import Logging
import ServiceLifecycle

/// Makes the months ahead and puts old ones away, at start and daily. Copies take turns by the functions' own lock.
struct PartitionKeeper: Service {
    let months: LogPartitionStore
    let configuration: AnalyticsConfiguration
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await months.keep(
                        eventMonths: configuration.eventMonths, auditMonths: configuration.auditMonths, archiveMonths: configuration.archiveMonths)
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("The logs' months could not be kept.", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: .seconds(24 * 3600)) } catch { return }
            }
        }
    }
}
