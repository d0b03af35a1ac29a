import Contracts
import Messaging
import Postgres

/// What documents hears.
struct DocumentsConsumer {
    let documents: DocumentStore

    func listen(on consumer: Consumer) {
        consumer.on(UserDeleted.self) { event, _, tx in try await documents.deletePrivate(of: event.userID, in: tx) }
    }
}
