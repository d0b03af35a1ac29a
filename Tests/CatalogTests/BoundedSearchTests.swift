import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("A search is bounded")
struct BoundedSearchTests {
    private static func store(_ service: TestService) -> ListingSearchStore {
        let platform = service.platform
        var store = ListingSearchStore(
            postgres: platform.postgres, cache: platform.cache,
            epoch: SearchEpoch(postgres: platform.postgres, listener: platform.listener, logger: platform.logger))
        store.finder.limits = .init(firstWalk: 10, candidates: 40, longWalk: 30)
        return store
    }

    private static func find(_ store: ListingSearchStore, _ change: (inout ListingQuestion) -> Void) async throws -> ListingFinder.Found {
        var question = ListingQuestion()
        question.text = "wohnung"
        change(&question)
        return try await store.finder.find(try await store.prepare(question), by: SearchOrder(sort: .date, origin: nil), after: nil, limit: 20)
    }

    @Test("what an index narrows is found beyond the walk, whatever common word is asked with it; what none narrows costs a walk and no more")
    func commonAndRare() async throws {
        try await TestService.with(CatalogService.self) { service in
            // The oldest, far behind both walks.
            _ = try await service.see(
                .sample("rare") {
                    $0.rooms = 9
                    $0.propertyType = "house"
                })
            try await service.fill(300)
            try await service.analyze()
            let store = Self.store(service)
            let found = try await Self.find(store) { $0.minRooms = 9 }
            #expect(found.listings.count == 1 && found.boundary == nil)
            // No index tells houses: 30 are looked at, and the cursor goes on behind them.
            let walked = try await Self.find(store) { $0.propertyTypes = [.house] }
            #expect(walked.listings.isEmpty && walked.boundary != nil)
        }
    }

    @Test("The index that narrows most is the one that is asked")
    func narrowest() async throws {
        try await TestService.with(CatalogService.self) { service in
            _ = try await service.see(.sample("rare") { $0.rooms = 9 })
            try await service.fill(300)
            try await service.analyze()
            let store = Self.store(service)
            var question = ListingQuestion()
            (question.text, question.cities, question.minRooms) = ("wohnung", ["Berlin"], 9)
            let narrowest = try #require(try await store.finder.narrowest(try await store.prepare(question)))
            #expect(narrowest.rows < 20)
            question.minRooms = nil
            let common = try #require(try await store.finder.narrowest(try await store.prepare(question)))
            #expect(common.rows > 200)
            question = ListingQuestion()
            question.propertyTypes = [.house]
            #expect(try await store.finder.narrowest(try await store.prepare(question)) == nil)
        }
    }

    @Test("A page that was asked for is answered from the cache, another one is not")
    func cached() async throws {
        try await TestService.with(CatalogService.self) { service in
            _ = try await service.see(.sample())
            func count(_ query: String) async throws -> Int {
                let page: Page<Listing> = try await service.get("/v1/listings?\(query)").json()
                return page.items.count
            }
            #expect(try await count("q=wohnung&limit=3") == 1)
            _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("UPDATE listings SET is_active = false")
            }
            #expect(try await count("q=wohnung&limit=3") == 1)
            #expect(try await count("q=wohnung&limit=4") == 0)
        }
    }
}
