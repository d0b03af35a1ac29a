import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("Whoever wants a verified contact")
struct VerifiedContactTests {
    private static let wishes = MatchTests.full.merging(["require_verified_contact": true]) { $1 }

    private static func told(_ service: TestService) async throws -> Int {
        try await service.count("SELECT count(*) FROM listing_matches WHERE matched_at IS NOT NULL")
    }

    private static func found(_ service: TestService) async throws -> Int {
        let page: Page<Listing> = try await service.get("/v1/listings?require_verified_contact=true").json()
        return page.items.count
    }

    /// A page is read, as the consumer does it.
    private static func read(_ listing: ReadListing, _ stage: ContactStage) async throws {
        var listing = listing
        let phone = try stage.service.platform.encryption.seal("030 901820", context: "catalog.listings.contact_phone")
        listing.contactPhoneSealed = Data(phone).base64EncodedString()
        let consumer = CatalogConsumer(
            sightings: stage.service.sightings, matches: stage.service.matches, contacts: stage.intake,
            applications: ApplicationStore(postgres: stage.postgres))
        try await stage.postgres.transaction(as: ServiceCaller()) { [listing] tx in try await consumer.take(listing, at: Date(), in: tx) }
    }

    @Test("is told of a listing whose contact is known and verified when the listing is first seen")
    func firstSighting() async throws {
        try await ContactStage.with { stage in
            try await Self.read(.sample("1") { $0.city = "Bonn" }, stage)
            _ = try await stage.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("UPDATE contacts SET is_verified = true, verification_method = 'manual', verification_date = now()")
            }
            _ = try await stage.service.save(Self.wishes, as: .test())
            try await Self.read(.sample("2"), stage)
            #expect(try await Self.told(stage.service) == 1)
            #expect(try await Self.found(stage.service) == 2)
        }
    }

    @Test("finds and is told of a listing once its contact is verified, and not before")
    func later() async throws {
        try await ContactStage.with { stage in
            let service = stage.service
            _ = try await service.save(Self.wishes, as: .test())
            try await Self.read(.sample(), stage)
            #expect(try await Self.told(service) == 0)
            #expect(try await Self.found(service) == 0)
            _ = try await stage.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("UPDATE contacts SET is_verified = true, verification_method = 'manual', verification_date = now()")
            }
            // The service's own job may have been first.
            while try await service.matches.scoreWaiting() {}
            try await eventually { try await Self.told(service) == 1 }
            #expect(try await service.count("SELECT count(*) FROM listings_to_score") == 0)
            let page: Page<Listing> = try await service.get("/v1/listings?require_verified_contact=true&limit=5").json()
            #expect(page.items.count == 1)
        }
    }
}
