import Contracts
import Messaging

/// What the catalog says of contacts that were found here, and of searches that they were looked for.
struct DiscoveryConsumer: Sendable {
    let jobs: DiscoveryJobStore
    let results: DiscoveryResultStore

    func listen(on consumer: Consumer) {
        consumer.on(ContactRecorded.self) { event, _, tx in try await results.recorded(event, in: tx) }
        consumer.on(SearchDeleted.self) { event, _, tx in try await jobs.detach(fromSearch: event.searchID, tx) }
        consumer.on(ContactErased.self) { event, _, tx in
            try await results.erased(event.contactID, in: tx)
            for listing in event.listings ?? [] { try await results.erasePages(of: listing, in: tx) }
        }
    }
}
