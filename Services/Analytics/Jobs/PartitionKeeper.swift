import Logging
import Postgres
import ServiceLifecycle

/// Makes the months ahead and takes old ones off, at start and daily. Copies take turns by the functions' own lock.
struct PartitionKeeper: Service {
    let postgres: Postgres
    let monthsKept: Int
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await keep()
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("partitions could not be made ahead", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: .seconds(24 * 3600)) } catch { return }
            }
        }
    }

    private func keep() async throws {
        for log in ["user_events", "audit_logs"] { try await LogPartitionStore(postgres: postgres).keep(log, monthsKept: monthsKept) }
    }
}
