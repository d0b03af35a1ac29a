import Logging
import ServiceLifecycle

/// The clock of saved searches.
struct SearchRunner: Service {
    let runs: SearchRunStore
    let logger: Logger
    var pause: Duration = .seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    while try await runs.runNext() { try Task.checkCancellation() }
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("A saved search could not be run.", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: pause) } catch { return }
            }
        }
    }
}
