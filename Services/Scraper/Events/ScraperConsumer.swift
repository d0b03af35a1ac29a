import Contracts
import Messaging

/// What the scraper hears.
struct ScraperConsumer: Sendable {
    let jobs: JobStore

    func listen(on consumer: Consumer) {
        consumer.on(UserDeleted.self) { event, _, tx in
            try await jobs.deleteAll(of: event.userID, tx)
        }
    }
}
