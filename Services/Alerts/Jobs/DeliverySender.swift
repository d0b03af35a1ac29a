import Foundation
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Sends what is due. Any number of copies may run: each leases its own. What a copy had when it was killed is sent by another one when the lease is over,
/// under the same id.
///
/// So many of each kind of channel are under way at once, and each that ends makes room for the next: a receiver that is slow keeps only its own place.
struct DeliverySender: Service {
    static let window = 16
    private static let poll = Duration.seconds(1)

    let queue: DeliveryStore
    let senders: Senders
    /// Longer than a delivery takes when the other side is slow.
    let lease: Duration
    let logger: Logger

    private enum Event {
        case settled(ChannelType)
        /// Something was put in, the poll is over, or the service is to stop.
        case called
    }

    func run() async throws {
        await withTaskGroup(of: Event.self) { group in
            var room = SendingRoom(ofEach: Self.window)
            var isListening = false
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                if !isListening {
                    // Before it is looked: what is put in meanwhile calls.
                    let calls = queue.postgres.signals(DeliveryStore.signal)
                    group.addTask {
                        await pause(orUntil: calls)
                        return .called
                    }
                    isListening = true
                }
                do {
                    guard try await begin(&room, in: &group) == 0 else { continue }
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("Deliveries could not be sent", metadata: ["error": "\(error)"])
                }
                switch await group.next() {
                case .settled(let type): room.giveBack(type)
                case .called: isListening = false
                case nil: return
                }
            }
        }
    }

    /// Begins as much as there is room for, and says how many it has looked at.
    private func begin(_ room: inout SendingRoom, in group: inout TaskGroup<Event>) async throws -> Int {
        let ofPeople = try await queue.claim(room, lease: lease)
        start(ofPeople.claimed, &room, in: &group)
        let ofLeads = try await queue.claimForLeads(room, lease: lease)
        start(ofLeads.claimed, &room, in: &group)
        return ofPeople.seen + ofLeads.seen
    }

    private func start(_ claimed: [ClaimedDelivery], _ room: inout SendingRoom, in group: inout TaskGroup<Event>) {
        for delivery in claimed {
            room.take(delivery.channel)
            group.addTask {
                do {
                    try await queue.settle(delivery, try await deliver(delivery))
                } catch {
                    logger.warning("A delivery was not settled", metadata: ["delivery": "\(delivery.reference)", "error": "\(error)"])
                }
                return .settled(delivery.channel)
            }
        }
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
