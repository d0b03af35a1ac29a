import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite struct FittedTests {
    @Test func `What makes no sense is left out and told; the rest stays`() {
        let (facts, complaints) = ReadListing.sample {
            $0.title = "  Helle\0 Wohnung "
            $0.description = " \n"
            $0.propertyType = "castle"
            $0.rentNetto = -1
            $0.rooms = 1000
            $0.yearBuilt = 19
            $0.latitude = 152
            $0.longitude = 13
            $0.currency = "€"
            $0.availableFrom = "sofort"
            $0.postalCode = "10999 Berlin Kreuzberg"
            $0.images = ["", "https://homes.test/1.jpg", String(repeating: "x", count: 3000)]
        }.fitted()
        #expect(facts.title == "Helle Wohnung")
        #expect(facts.images == ["https://homes.test/1.jpg"])
        #expect(facts.description == nil && facts.propertyType == nil && facts.rentNetto == nil && facts.rooms == nil && facts.yearBuilt == nil)
        #expect(facts.latitude == nil && facts.longitude == nil && facts.currency == nil && facts.availableFrom == nil && facts.postalCode == nil)
        #expect(facts.city == "Berlin" && facts.livingArea == 60)
        let named = ["property_type", "rent_netto", "rooms", "year_built", "coordinates", "currency", "available_from", "postal_code"]
        #expect(complaints.count == named.count)
        for name in named { #expect(complaints.contains { $0.contains(name) }, "\(name)") }
    }

    @Test func `A listing that makes sense is left as it is`() {
        let (facts, complaints) = ReadListing.sample().fitted()
        #expect(facts == .sample() && complaints.isEmpty)
    }

    @Test func `Such a listing is stored, matched, and says what was left out`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let id = try await service.created(
                .sample {
                    $0.title = String(repeating: "ä", count: 700)
                    $0.rooms = 1000
                    $0.bedroomCount = .max
                    $0.longitude = .infinity
                })
            let listing: Listing = try await service.get("/v1/listings/\(id)").json()
            #expect(listing.isProcessed && listing.title.count == 500 && listing.rooms == nil)
            #expect(listing.processingErrors == ["rooms is out of range", "bedroom_count is out of range", "the coordinates are no place on earth"])
        }
    }
}
