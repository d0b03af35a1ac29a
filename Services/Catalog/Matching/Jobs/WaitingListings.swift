import Logging
import ServiceLifecycle

/// Scores the listings of which something changed that no page states.
struct WaitingListings: Service {
    let matches: MatchStore
    let logger: Logger
    var pause: Duration = .seconds(2)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    while try await matches.scoreWaiting() { try Task.checkCancellation() }
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("Listings that changed could not be scored.", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: pause) } catch { return }
            }
        }
    }
}
