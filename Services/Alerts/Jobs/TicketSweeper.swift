import Logging
import ServiceLifecycle

/// Removes stream tickets that nobody used, once a minute; any number of copies may do it.
struct TicketSweeper: Service {
    let tickets: StreamTicketStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await tickets.sweep()
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("stream tickets could not be swept", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: .seconds(60)) } catch { return }
            }
        }
    }
}
