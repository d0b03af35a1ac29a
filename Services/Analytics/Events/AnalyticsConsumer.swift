import Contracts
import Messaging
import Postgres

/// What analytics hears: everything that happens.
struct AnalyticsConsumer {
    let events: EventStore
    let audit: AuditLogStore

    private static let facts = Set(Contract.events.map { $0.name })

    func listen(on consumer: Consumer) {
        consumer.onAny { delivery, tx in
            // Commands travel the same way; they are wishes, not facts.
            guard Self.facts.contains(delivery.type) else { return }
            let event = try UserEvent(delivery)
            try await events.record(event, audit: AuditEntry(event), requestID: delivery.origin.requestID, in: tx)
            if delivery.type == UserDeleted.name { try await erase(delivery, in: tx) }
        }
    }

    private func erase(_ delivery: Delivery, in tx: Transaction) async throws {
        let user = try delivery.decode(UserDeleted.self).userID
        try await events.anonymise(user: user, in: tx)
        try await audit.eraseDevices(of: user, in: tx)
    }
}
