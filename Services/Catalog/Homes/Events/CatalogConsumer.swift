import Contracts
import Messaging
import Postgres

/// What catalog hears.
struct CatalogConsumer {
    let sightings: SightingStore
    let matches: MatchStore
    let searches: SearchCriteriaStore

    func listen(on consumer: Consumer) {
        consumer.on(ListingRead.self) { event, delivery, tx in
            switch try await sightings.record(event.listing, at: delivery.time, in: tx) {
            case .created(let id), .changed(let id): try await matches.score(listing: id, in: tx)
            case .unchanged: break
            }
        }
        consumer.on(SearchSaved.self) { event, _, tx in
            try await matches.score(search: event.searchID, in: tx)
        }
        consumer.on(UserDeleted.self) { event, _, tx in
            try await searches.deleteAll(of: event.userID, in: tx)
        }
    }
}
