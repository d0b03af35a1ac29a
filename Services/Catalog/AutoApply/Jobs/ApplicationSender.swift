import Logging
import ServiceKit
import ServiceLifecycle

/// Hands letters over whose time to be taken back has run out.
struct ApplicationSender: Service {
    let applications: ApplicationStore
    let encryption: Encryption
    let keys: MatchingKeyStore
    let logger: Logger
    var pause: Duration = .seconds(10)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let key = try await keys.key()
                    while try await applications.sendNext(encryption: encryption, key: key) { try Task.checkCancellation() }
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("A letter could not be handed over.", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: pause) } catch { return }
            }
        }
    }
}
