import Logging
import ServiceKit
import ServiceLifecycle

/// Lifts actions whose time is over, one after the other; any number of copies share the work.
struct ModerationExpiry: Service {
    let actions: ModeratorActionStore
    let sessions: SessionCache
    /// Between two looks.
    let pause: Duration
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                do {
                    while let outcome = try await actions.liftExpired() {
                        if let user = outcome.action.targetUserID { try await sessions.forgetRights(of: user) }
                    }
                } catch let error where !(error is CancellationError) {
                    logger.warning("Actions that are over could not be lifted", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: pause)
            }
        }
    }
}
