import Foundation
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Sends what is due. Any number of copies may run: each leases its own. What a copy had when it was killed is sent by another one when the lease is over,
/// under the same id.
struct DeliverySender: Service {
    private static let batch = 16
    private static let poll = Duration.seconds(1)

    let queue: DeliveryStore
    let senders: Senders
    /// Longer than a batch takes when every other side is slow.
    let lease: Duration
    let logger: Logger

    func run() async throws {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            let calls = queue.postgres.signals(DeliveryStore.signal)
            var seen = 0
            do {
                seen = try await round()
            } catch is CancellationError {
                return
            } catch {
                logger.warning("Deliveries could not be sent", metadata: ["error": "\(error)"])
            }
            if seen < Self.batch { await pause(orUntil: calls) }
        }
    }

    /// Sends one batch, and says how many it has looked at.
    func round() async throws -> Int {
        let (ofPeople, seen) = try await queue.claim(Self.batch, lease: lease)
        let claimed = try await ofPeople + queue.claimForLeads(Self.batch, lease: lease)
        // One that fails does not keep the others from being settled.
        await withTaskGroup(of: Void.self) { group in
            for delivery in claimed {
                group.addTask {
                    do {
                        try await queue.settle(delivery, try await deliver(delivery))
                    } catch {
                        logger.warning("A delivery was not settled", metadata: ["delivery": "\(delivery.reference)", "error": "\(error)"])
                    }
                }
            }
        }
        return seen
    }

    private func deliver(_ delivery: ClaimedDelivery) async throws -> SendOutcome {
        if let number = delivery.secret?.to { return try await senders.send(delivery, to: .sms(number)) }
        guard let sealed = delivery.addressSealed, let address = try? ChannelAddress.open(sealed, by: queue.encryption) else {
            return .rejected("the channel's address cannot be read", isGone: false)
        }
        return try await senders.send(delivery, to: address)
    }

    /// Ends early when something is put in, or the service is to stop.
    private func pause(orUntil calls: AsyncStream<Void>) async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await Task.sleep(for: Self.poll) }
                group.addTask { for await _ in calls { return } }
                await group.next()
                group.cancelAll()
            }
        }
    }
}
