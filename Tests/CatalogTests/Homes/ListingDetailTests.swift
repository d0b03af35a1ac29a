import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite struct ListingDetailTests {
    /// Every column of the seed, but for the contact values, which are sealed, and the favourites, which are people's own.
    private static let members = [
        "id", "provider", "provider_listing_id", "provider_url", "provider_created_at", "provider_updated_at", "title", "description",
        "property_type", "furnishing_level", "street", "house_number", "postal_code", "city", "district", "latitude", "longitude", "rent_netto",
        "rent_brutto", "additional_costs", "deposit", "currency", "rooms", "bedroom_count", "bathroom_count", "living_area", "total_area", "floor",
        "total_floors", "year_built", "condition", "available_from", "available_until", "lease_duration_min", "lease_duration_max", "images",
        "virtual_tour_url", "floor_plan_url", "contact_name", "is_processed", "processing_errors", "last_processed_at", "listing_quality_score",
        "relevance_score", "is_active", "is_archived", "created_at", "updated_at", "first_seen_at", "last_seen_at",
    ]

    @Test func `The answer shows every column, whatever a page can state`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let seal = { (text: String, column: String) in
                Data(try service.platform.encryption.seal(text, context: "catalog.listings.\(column)")).base64EncodedString()
            }
            var full = ReadListing.full()
            full.contactPhoneSealed = try seal("+4930123456", "contact_phone")
            full.contactEmailSealed = try seal("vermieter@homes.test", "contact_email")
            let id = try await service.created(full)
            let answer = try await service.get("/v1/listings/\(id)")
            let object = try #require(try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: Any])
            for member in Self.members { #expect(object[member] != nil, "\(member)") }
            #expect(object["has_contact_phone"] as? Bool == true && object["has_contact_email"] as? Bool == true)
            #expect(object["home_id"] as? String == id.uuidString.lowercased())
            #expect(!answer.text.contains("123456") && !answer.text.contains("vermieter@"))
            let listing: Listing = try answer.json()
            #expect(listing.listingQualityScore == 1)
            var stated = ReadListing(listing)
            stated.contactPhoneSealed = full.contactPhoneSealed
            stated.contactEmailSealed = full.contactEmailSealed
            #expect(stated == full)
        }
    }

    /// Each of the ten facts, in every form that counts as stating it.
    @Test func `Each fact that a page states adds a tenth to its quality, and none counts twice`() async throws {
        let bare = ReadListing(provider: "test", providerListingID: "bare", title: "Wohnung")
        let facts: [(Decimal, (inout ReadListing) -> Void)] = [
            (0, { _ in }), (0.1, { $0.rentNetto = 500 }), (0.1, { $0.rentBrutto = 500 }),
            (
                0.1,
                {
                    $0.rentNetto = 500
                    $0.rentBrutto = 600
                }
            ), (0.1, { $0.livingArea = 50 }), (0.1, { $0.totalArea = 50 }), (0.1, { $0.rooms = 2 }), (0.1, { $0.city = "Bonn" }),
            (0.1, { $0.postalCode = "53111" }), (0.1, { $0.street = "Allee" }), (0.1, { $0.availableFrom = "2027-01-01" }),
            (0.1, { $0.description = "Hell" }), (0.1, { $0.images = ["https://homes.test/1.jpg"] }), (0.1, { $0.contactName = "Frau Beispiel" }),
            (0, { $0.description = " " }), (0, { $0.deposit = 1000 }),
        ]
        let cases = facts.map { quality, state in
            var listing = bare
            state(&listing)
            return (quality, listing)
        }
        try await TestService.with(CatalogService.self) { service in
            for (number, (quality, facts)) in cases.enumerated() {
                var facts = facts
                facts.providerListingID = "\(number)"
                let listing: Listing = try await service.get("/v1/listings/\(service.created(facts))").json()
                #expect(listing.listingQualityScore == quality, "\(number)")
            }
        }
    }
}
