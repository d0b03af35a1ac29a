import Contracts
import Foundation
import Messaging
import Postgres

/// What catalog hears.
struct CatalogConsumer {
    let sightings: SightingStore
    let matches: MatchStore
    let contacts: ContactIntake
    let applications: ApplicationStore
    let removals = ListingRemovalStore()
    let seekers = SeekerStore()

    func listen(on consumer: Consumer) {
        // A page that is read again says how things were when it was fetched.
        consumer.on(ListingRead.self) { event, delivery, tx in
            try await take(event.listing, at: min(event.fetchedAt ?? delivery.time, delivery.time), in: tx)
        }
        consumer.on(SearchSaved.self) { event, _, tx in
            try await matches.score(search: event.searchID, in: tx)
        }
        consumer.on(UserRegistered.self) { event, _, tx in try await seekers.save(event.user, in: tx) }
        consumer.on(UserUpdated.self) { event, _, tx in try await seekers.save(event.user, in: tx) }
        consumer.on(EmailSent.self) { event, _, tx in
            if event.template == ApplicationStore.template, let id = event.reference {
                try await applications.note(id, .delivered, reason: nil, in: tx)
            }
        }
        // A mail that is none of ours has another reference.
        consumer.on(EmailFailed.self) { event, _, tx in
            if let id = event.reference { try await applications.note(id, .failed, reason: event.reason, in: tx) }
        }
        consumer.on(ContentRemoved.self) { event, _, tx in
            if event.entityType == Self.listing { try await moderate(event.entityID, isRemoved: true, version: event.version, in: tx) }
        }
        consumer.on(ContentRestored.self) { event, _, tx in
            if event.entityType == Self.listing { try await moderate(event.entityID, isRemoved: false, version: event.version, in: tx) }
        }
    }

    /// What a page says, and its contact, before it is scored: whether that is verified is asked there.
    func take(_ read: ReadListing, at time: Date, in tx: Transaction) async throws {
        let stated = try await contacts.stated(by: read, at: time, in: tx)
        let outcome = try await sightings.record(stated.listing, at: time, in: tx)
        try await contacts.record(stated, in: tx)
        switch outcome {
        case .created(let id), .changed(let id): try await matches.score(listing: id, in: tx)
        case .unchanged: break
        }
    }

    private static let listing = "listing"

    /// Its matches count for nothing while it is removed, and are worked out anew when it is back; who was told is not told again.
    private func moderate(_ listing: UUID, isRemoved: Bool, version: Int64, in tx: Transaction) async throws {
        guard try await removals.set(listing, isRemoved: isRemoved, version: version, in: tx) else { return }
        try await matches.score(listing: listing, in: tx)
    }
}
