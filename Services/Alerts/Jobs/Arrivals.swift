import Foundation
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Puts what was for later into the inboxes when its time has come. Any number of copies may do it.
struct Arrivals: Service {
    private static let poll = Duration.seconds(1)

    let notifications: NotificationStore
    let deliveries: DeliveryStore
    let recipients: RecipientStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    while try await arrive() {}
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("what was for later has not arrived", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: Self.poll) } catch { return }
            }
        }
    }

    /// One of them; false when none is due.
    func arrive(now: Date = Date()) async throws -> Bool {
        try await notifications.postgres.transaction(as: ServiceCaller()) { tx in
            guard let arrived = try await notifications.arrive(now: now, in: tx) else { return false }
            let locale = try await recipients.lock(arrived.userID, in: tx)?.locale ?? "de-DE"
            try await deliveries.plan(arrived, DeliveryContent(arrived, locale: locale), template: nil, now: now, in: tx)
            return true
        }
    }
}
