import Contracts
import Messaging
import Postgres
import ServiceKit

/// What analytics hears: everything that happens.
struct AnalyticsConsumer {
    let events: EventStore
    let audit: AuditLogStore
    let desk: PersonalDataDesk

    private static let facts = Set(Contract.events.map { $0.name })

    func listen(on consumer: Consumer) {
        consumer.onAny { delivery, tx in
            // Commands travel the same way; they are wishes, not facts.
            guard Self.facts.contains(delivery.type) else { return }
            let event = try UserEvent(delivery)
            try await events.record(event, audit: AuditEntry(event), requestID: delivery.origin.requestID, in: tx)
            if delivery.type == UserDeleted.name { try await desk.erase(delivery.decode(UserDeleted.self), in: tx) }
        }
    }
}
