import Logging
import ServiceLifecycle

/// Keeps the places' counts and centres up, every ten minutes: of several copies that look, the first one whose time it is.
struct PlaceKeeper: Service {
    let places: PlaceStore
    let logger: Logger
    var pause: Duration = .seconds(600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    _ = try await places.survey(unlessWithin: pause)
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("The places could not be counted.", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: pause / 10) } catch { return }
            }
        }
    }
}
