import Foundation
import Logging
import ServiceKit
import ServiceLifecycle

/// Lifts actions whose time is over, one after the other; one that cannot be lifted keeps none of the others. Any number of copies share the work.
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
                    for id in try await actions.expired() { try await lift(id) }
                } catch let error where !(error is CancellationError) {
                    logger.warning("Actions that are over could not be found", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: pause)
            }
        }
    }

    private func lift(_ id: UUID) async throws {
        do {
            guard let outcome = try await actions.liftExpired(id), let user = outcome.action.targetUserID else { return }
            try await sessions.forgetRights(of: user)
        } catch let error where !(error is CancellationError) {
            logger.warning("An action that is over could not be lifted", metadata: ["action": "\(id)", "error": "\(error)"])
        }
    }
}
