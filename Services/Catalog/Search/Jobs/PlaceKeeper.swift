import Logging
import ServiceLifecycle

/// Keeps the places' counts and centres up, every ten minutes; whichever copy is first does it.
struct PlaceKeeper: Service {
    let places: PlaceStore
    let logger: Logger
    var pause: Duration = .seconds(600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await places.survey()
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("The places could not be counted.", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: pause) } catch { return }
            }
        }
    }
}
