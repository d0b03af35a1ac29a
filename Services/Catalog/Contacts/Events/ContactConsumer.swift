import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Contacts that jobs of the scraper have found.
struct ContactConsumer: Sendable {
    let intake: ContactIntake

    func listen(on consumer: Consumer) {
        consumer.on(ContactFound.self) { event, _, tx in try await record(event, in: tx) }
    }

    func record(_ event: ContactFound, in tx: Transaction) async throws {
        var listing: UUID?
        if let provider = event.provider, let number = event.providerListingID { listing = try await intake.listing(provider, number, in: tx) }
        guard let found = try FoundContact(event, listing: listing, opening: intake.seals.encryption) else {
            let refused = ContactIntake.Recorded(outcome: .refused, reason: "no_name_or_value")
            return try await tx.publish(intake.event(refused, result: event.resultID, nil))
        }
        let recorded = try await intake.record(found, in: tx)
        try await tx.publish(intake.event(recorded, result: event.resultID, found))
    }
}
