import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("What moderators remove")
struct ModerationTests {
    @Test("A removed listing is gone from its page, from searches at once and from matches, stays so when it is seen again, and comes back whole")
    func removedAndRestored() async throws {
        try await TestService.with(CatalogService.self) { service in
            let seeker = Caller.test()
            let search = try await service.save(
                ["name": "Berlin", "preferred_cities": ["Berlin"], "max_rent_netto": 1000, "search_frequency": "immediate"], as: seeker)
            let start = Date(timeIntervalSinceNow: -100)
            guard case .created(let id) = try await service.see(.sample(), at: start) else {
                Issue.record("not created")
                return
            }
            func found() async throws -> Int { (try await service.get("/v1/listings?city=Berlin").json() as Page<Listing>).items.count }
            func matches() async throws -> Int {
                (try await service.get("/v1/search-criteria/\(search.id)/matches", as: seeker).json() as Page<ListingMatch>).items.count
            }
            #expect(try await found() == 1)
            #expect(try await service.get("/v1/listings/\(id)").status == 200)
            #expect(try await matches() == 1)

            try await service.speaking(as: .auth) { auth in
                let removal = ContentRemoved(entityType: "listing", entityID: id, actionID: .v7(), version: 1)
                try await auth.say(removal)
                // Long before a cached page would have run out.
                try await eventually { try await found() == 0 }
                try await eventually { try await service.get("/v1/listings/\(id)").status == 404 }
                #expect(try await matches() == 0)
                _ = try await service.see(.sample { $0.rentNetto = 850 }, at: start.addingTimeInterval(10))
                #expect(try await service.get("/v1/listings/\(id)").status == 404)
                #expect(try await found() == 0)

                try await auth.say(ContentRestored(entityType: "listing", entityID: id, actionID: .v7(), version: 2))
                try await eventually { try await found() == 1 }
                try await eventually { try await service.get("/v1/listings/\(id)").status == 200 }
                #expect(try await matches() == 1)
                // Late news of the removal change nothing; what comes in its wake shows that it was handled.
                try await auth.say(removal, id: .v7())
                try await auth.say(ContentRemoved(entityType: "document", entityID: id, actionID: .v7(), version: 3))
                try await auth.say(UserDeleted(userID: .v7(), version: 1))
                try await eventually { try await service.count("SELECT count(*) FROM inbox") >= 5 }
                #expect(try await found() == 1)
            }
            #expect(try await service.count("SELECT count(*) FROM listing_matches WHERE matched_at IS NOT NULL") == 1)
        }
    }
}
