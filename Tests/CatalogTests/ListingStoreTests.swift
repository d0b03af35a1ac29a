import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("Listings")
struct ListingStoreTests {
    @Test("A listing is stored once per provider and provider's id; what changed is published with its columns")
    func onceAndChanged() async throws {
        try await TestService.with(CatalogService.self) { service in
            let start = Date(timeIntervalSinceNow: -100)
            guard case .created(let id) = try await service.see(.sample(), at: start) else {
                Issue.record("not created")
                return
            }
            #expect(try await service.see(.sample(), at: start.addingTimeInterval(10)) == .unchanged)
            #expect(try await service.see(.sample { $0.rentNetto = 850 }, at: start.addingTimeInterval(20)) == .changed(id))
            let listing: Listing = try await service.get("/v1/listings/\(id)").json()
            #expect(listing.rentNetto == 850)
            #expect(listing.version == 2)
            #expect(abs(listing.lastSeenAt.timeIntervalSince(start) - 20) < 0.01)
            #expect(abs(listing.firstSeenAt.timeIntervalSince(start)) < 0.01)
            #expect(try await service.count("SELECT count(*) FROM listings") == 1)
        }
    }

    @Test("A sighting that comes late changes nothing")
    func late() async throws {
        try await TestService.with(CatalogService.self) { service in
            let now = Date()
            _ = try await service.see(.sample { $0.rentNetto = 850 }, at: now)
            #expect(try await service.see(.sample(), at: now.addingTimeInterval(-60)) == .unchanged)
            #expect(try await service.count("SELECT count(*) FROM listings WHERE rent_netto = 850") == 1)
        }
    }

    @Test("The same contact sealed anew is no change; another one is")
    func contact() async throws {
        try await TestService.with(CatalogService.self) { service in
            func sealed(_ phone: String) throws -> String {
                Data(try service.platform.encryption.seal(phone, context: "catalog.listings.contact_phone")).base64EncodedString()
            }
            let (first, again, other) = (try sealed("+4930123"), try sealed("+4930123"), try sealed("+4930999"))
            guard case .created(let id) = try await service.see(.sample { $0.contactPhoneSealed = first }) else { return }
            #expect(try await service.see(.sample { $0.contactPhoneSealed = again }) == .unchanged)
            #expect(try await service.see(.sample { $0.contactPhoneSealed = other }) == .changed(id))
            #expect(!(try await service.get("/v1/listings/\(id)").text.contains("4930")))
        }
    }

    @Test("A listing without a city is kept, marked with the reason, and matches nothing")
    func noCity() async throws {
        try await TestService.with(CatalogService.self) { service in
            _ = try await service.save(["name": "Everything", "property_types": []], as: .test())
            guard case .created(let id) = try await service.see(.sample { $0.city = nil }) else { return }
            let listing: Listing = try await service.get("/v1/listings/\(id)").json()
            #expect(!listing.isProcessed)
            #expect(listing.processingErrors == ["the page states no city"])
            #expect(try await service.count("SELECT count(*) FROM listing_matches") == 0)
        }
    }

    @Test("The quality is the share of ten facts that the page states")
    func quality() async throws {
        try await TestService.with(CatalogService.self) { service in
            guard case .created(let id) = try await service.see(.sample()) else { return }
            let listing: Listing = try await service.get("/v1/listings/\(id)").json()
            #expect(listing.listingQualityScore == 0.9)  // everything but the day it is free from
        }
    }

    @Test("The answer, written straight from its row, is the listing's own encoding")
    func encoding() async throws {
        try await TestService.with(CatalogService.self) { service in
            guard case .created(let id) = try await service.see(.sample { $0.deposit = 1800.5 }) else { return }
            let response = try await service.get("/v1/listings/\(id)")
            let again = try JSONEncoder.hearth.encode(response.json(Listing.self))
            #expect(
                try JSONSerialization.jsonObject(with: Data(response.text.utf8)) as? NSDictionary == JSONSerialization.jsonObject(with: again)
                    as? NSDictionary)
        }
    }

    @Test("A change made by hand in SQL drops the cached answer")
    func invalidation() async throws {
        try await TestService.with(CatalogService.self) { service in
            guard case .created(let id) = try await service.see(.sample()) else { return }
            #expect(try await service.get("/v1/listings/\(id)").text.contains("Helle Wohnung am Park"))
            _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("UPDATE listings SET title = 'Geändert', version = version + 1 WHERE id = \(id)")
            }
            try await eventually { try await service.get("/v1/listings/\(id)").text.contains("Geändert") }
        }
    }
}
