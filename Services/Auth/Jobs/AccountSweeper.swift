import Logging
import ServiceLifecycle

/// Sweeps what has expired once an hour; any number of copies may do it.
struct AccountSweeper: Service {
    let store: AccountSweepStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    while try await store.sweep() { try await Task.sleep(for: .milliseconds(100)) }
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("what has expired could not be swept", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: .seconds(3600)) } catch { return }
            }
        }
    }
}
