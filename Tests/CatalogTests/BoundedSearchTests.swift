import Contracts
import Foundation
import Postgres
import Redis
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
        store.finder.limits = .init(firstWalk: 10, candidates: 40, longWalk: 30, facets: 30)
        return store
    }

    private static func find(_ store: ListingSearchStore, _ change: (inout ListingQuestion) -> Void) async throws -> ListingFinder.Found {
        var question = ListingQuestion()
        question.text = "wohnung"
        change(&question)
        return try await store.finder.find(try await store.prepare(question), by: SearchOrder(sort: .date, origin: nil), after: nil, limit: 20)
    }

    @Test("The nearest of a city are its own, however many of other cities lie nearer")
    func nearestOfACity() async throws {
        try await TestService.with(CatalogService.self) { service in
            for number in 0..<20 {
                let isFar = number.isMultiple(of: 7)
                _ = try await service.see(
                    .sample("\(number)") {
                        $0.city = isFar ? "Hamburg" : "Berlin"
                        $0.street = "Weg \(number)"
                        $0.livingArea = Decimal(40 + 7 * number)
                        $0.latitude = isFar ? 53.55 : 52.5
                        $0.longitude = isFar ? 10.0 : 13.4
                    })
            }
            var store = Self.store(service)
            // The walk alone.
            store.finder.limits = .init(candidates: 0, nearest: 5)
            var question = ListingQuestion()
            (question.cities, question.latitude, question.longitude) = (["Hamburg"], 52.5, 13.4)
            let prepared = try await store.prepare(question)
            let order = SearchOrder(sort: .distance, origin: prepared.centres.first)
            let found = try await store.finder.find(prepared, by: order, after: nil, limit: 20).listings
            #expect(found.count == 3)
            #expect(found.allSatisfy { abs(($0.distance ?? 0) * 6371 - 255) < 5 })
            #expect(Set(found.map(\.distance)).count == 3)
        }
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

    @Test(
        "Facets look at no more than so many: what lies behind them is told as more than was counted; what an index narrows is counted wherever it is"
    )
    func facets() async throws {
        try await TestService.with(CatalogService.self) { service in
            // The oldest, far behind the walk.
            _ = try await service.see(
                .sample("rare") {
                    $0.rooms = 9
                    $0.propertyType = "house"
                })
            try await service.fill(300)
            try await service.analyze()
            let store = Self.store(service)
            func count(_ change: (inout ListingQuestion) -> Void) async throws -> ListingFacets {
                var question = ListingQuestion()
                change(&question)
                return try await store.facets(question)
            }
            let rare = try await count { $0.minRooms = 9 }
            #expect(rare.count == 1 && rare.isExact)
            #expect(rare.facets["property_type"]?.map(\.value) == ["house"])
            // No index tells houses, nor flats: 30 are looked at, everywhere or in a city.
            let houses = try await count { $0.propertyTypes = [.house] }
            #expect(houses.count == 0 && !houses.isExact && houses.facets.isEmpty)
            let flats = try await count { $0.propertyTypes = [.apartment] }
            #expect(flats.count == 30 && !flats.isExact)
            #expect(flats.facets["property_type"]?.map(\.count) == [30])
            let inBerlin = try await count {
                $0.cities = ["Berlin"]
                $0.propertyTypes = [.house]
            }
            #expect(inBerlin.count == 0 && !inBerlin.isExact)
            // Where that is all there is, it is exact.
            var whole = store
            whole.finder.limits.facets = 1_000
            var question = ListingQuestion()
            question.excludedCities = ["Bonn"]
            question.propertyTypes = [.house]
            let all = try await whole.facets(question)
            #expect(all.count == 1 && all.isExact)
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

    @Test("An answer is everybody's: whoever asks the same is given the one that is kept, and nobody is shown more than a visitor")
    func everybody() async throws {
        try await TestService.with(CatalogService.self) { service in
            let callers: [Caller?] = [
                nil, Caller.test(), Caller.test(emailVerified: false), Caller.test(role: .moderator), Caller.test(role: .administrator),
            ]
            func found(_ query: String, as caller: Caller? = nil) async throws -> Int {
                let page: Page<Listing> = try await service.get("/v1/listings?\(query)", as: caller).json()
                return page.items.count
            }
            func kept() async throws -> Int { try await service.platform.redis.send(RedisCommand("KEYS", "search:*")).array?.count ?? 0 }
            func change(_ sql: SQL) async throws {
                _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in try await tx.execute(sql) }
            }
            _ = try await service.see(.sample())
            _ = try await service.see(
                .sample("removed") {
                    $0.title = "Dachgeschoss mit Terrasse"
                    $0.street = "Seeweg"
                    $0.rentNetto = 700
                })
            #expect(try await found("limit=7") == 2)
            try await eventually { try await kept() >= 1 }
            try await change("UPDATE listings SET removed_at = now() WHERE provider_listing_id = 'removed'")
            // From now on the epoch is known here.
            try await eventually { try await found("limit=7") == 1 }
            // Each a question of its own, so that each is answered anew.
            for (number, caller) in callers.enumerated() { #expect(try await found("limit=\(20 + number)", as: caller) == 1) }

            let paths = ["/v1/listings?city=Berlin", "/v1/listings/facets?city=Berlin"]
            try await eventually { try await kept() >= 2 + callers.count }
            let before = try await kept()
            // Objects have no order.
            func told(_ path: String, as caller: Caller? = nil) async throws -> Data {
                let object = try JSONSerialization.jsonObject(with: Data(try await service.get(path, as: caller).text.utf8))
                return try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
            }
            var first: [String: Data] = [:]
            for path in paths { first[path] = try await told(path) }
            try await eventually { try await kept() >= before + paths.count }
            try await change("UPDATE listings SET is_active = false")
            for path in paths {
                for caller in callers { #expect(try await told(path, as: caller) == first[path]) }
            }
            #expect(try await found("city=Berlin&limit=3") == 0)
        }
    }
}
