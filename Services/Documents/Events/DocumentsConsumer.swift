import Contracts
import Messaging
import Postgres

/// What documents hears.
struct DocumentsConsumer {
    let documents: DocumentStore

    func listen(on consumer: Consumer) {
        consumer.on(AgencyDeleted.self) { event, _, tx in try await documents.deleteAll(ofAgency: event.agencyID, in: tx) }
        consumer.on(ContentRemoved.self) { event, _, tx in
            guard event.entityType == Self.document else { return }
            try await documents.setRemoved(event.entityID, true, version: event.version, in: tx)
        }
        consumer.on(ContentRestored.self) { event, _, tx in
            guard event.entityType == Self.document else { return }
            try await documents.setRemoved(event.entityID, false, version: event.version, in: tx)
        }
    }

    private static let document = "document"
}
