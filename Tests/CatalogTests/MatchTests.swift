import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("Relevance")
struct MatchTests {
    /// What a search says, what a page says, and the shares the seeds' weights give.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var wishes: [String: TestJSON]
        var listing: ReadListing
        var shares: [Decimal]
        var testDescription: String { name }
    }

    static let full: [String: TestJSON] = [
        "name": "Search", "preferred_cities": ["Berlin"], "property_types": ["apartment"], "min_rent_netto": 500, "max_rent_netto": 1000,
        "min_rooms": 2, "max_rooms": 3, "search_frequency": "immediate",
    ]

    static let cases = [
        Case(name: "everything fits", wishes: full, listing: .sample(), shares: [0.4, 0.2, 0.25, 0.15]),
        Case(name: "up to a tenth above the most rent", wishes: full, listing: .sample { $0.rentNetto = 1100 }, shares: [0.4, 0.2, 0.15, 0.15]),
        Case(name: "more than a tenth above", wishes: full, listing: .sample { $0.rentNetto = 1101 }, shares: [0.4, 0.2, 0, 0.15]),
        Case(name: "below the least rent", wishes: full, listing: .sample { $0.rentNetto = 499 }, shares: [0.4, 0.2, 0, 0.15]),
        Case(
            name: "another city half as far as the search looks reaches the threshold when all else fits",
            wishes: full.merging(["max_distance_km": 55]) { $1 },
            listing: .sample {
                $0.city = "Potsdam"
                $0.latitude = 52.391
                $0.longitude = 13.064
            }, shares: [0.1, 0.2, 0.25, 0.15]),
        Case(
            name: "the city, and none of the preferred districts", wishes: full.merging(["preferred_districts": ["Mitte"]]) { $1 },
            listing: .sample(),
            shares: [0.3, 0.2, 0.25, 0.15]),
        Case(name: "another type", wishes: full, listing: .sample { $0.propertyType = "room" }, shares: [0.4, 0, 0.25, 0.15]),
        Case(name: "rooms that the page does not state", wishes: full, listing: .sample { $0.rooms = nil }, shares: [0.4, 0.2, 0.25, 0]),
        Case(
            name: "a rent stated gross only, less its extra costs", wishes: full,
            listing: .sample {
                $0.rentNetto = nil
                $0.rentBrutto = 1150
                $0.additionalCosts = 200
            }, shares: [0.4, 0.2, 0.25, 0.15]),
        Case(
            name: "criteria that are not set cost nothing", wishes: ["name": "Anything", "property_types": [], "search_frequency": "immediate"],
            listing: .sample {
                $0.rentNetto = nil
                $0.rooms = nil
                $0.propertyType = nil
            }, shares: [0.4, 0.2, 0.25, 0.15]),
    ]

    @Test("follows the seeds' weights, explained by criterion", arguments: cases)
    func shares(test: Case) async throws {
        try await TestService.with(CatalogService.self) { service in
            let caller = Caller.test()
            let search = try await service.save(test.wishes, as: caller)
            guard case .created(let id) = try await service.see(test.listing) else { return }
            struct Matches: Decodable { var items: [ListingMatch] }
            let matches: Matches = try await service.get("/v1/listings/\(id)/matches", as: caller).json()
            let match = try #require(matches.items.first)
            #expect(match.searchID == search.id)
            #expect(["city", "type", "rent", "rooms"].map { match.shares[$0] } == test.shares)
            #expect(match.shares.count == 4 && !match.isRuledOut)
            #expect(match.relevanceScore == test.shares.reduce(0, +))
            #expect((match.matchedAt != nil) == (match.relevanceScore >= 0.6))
            let told = try await service.count("SELECT count(*) FROM listing_matches WHERE matched_at IS NOT NULL")
            #expect(told == (match.relevanceScore >= 0.6 ? 1 : 0))
        }
    }

    @Test("is kept for nobody whose search excludes the city or district, nor for a paused search")
    func excluded() async throws {
        try await TestService.with(CatalogService.self) { service in
            _ = try await service.save(Self.full.merging(["excluded_cities": ["BERLIN "]]) { $1 }, as: .test())
            _ = try await service.save(Self.full.merging(["excluded_districts": ["kreuzberg"]]) { $1 }, as: .test())
            _ = try await service.save(Self.full.merging(["is_active": false]) { $1 }, as: .test())
            _ = try await service.see(.sample())
            #expect(try await service.count("SELECT count(*) FROM listing_matches") == 0)
        }
    }

    @Test("is told once, also when the listing changes again")
    func toldOnce() async throws {
        try await TestService.with(CatalogService.self) { service in
            _ = try await service.save(Self.full, as: .test())
            _ = try await service.see(
                .sample {
                    $0.rentNetto = 2000
                    $0.rooms = 9
                })
            #expect(try await service.count("SELECT count(*) FROM listing_matches WHERE matched_at IS NOT NULL") == 1)
            let first = try await service.count(
                "SELECT extract(epoch FROM matched_at * 1)::bigint FROM (SELECT matched_at - 'epoch' AS matched_at FROM listing_matches) AS m")
            _ = try await service.see(.sample())
            #expect(
                try await service.count(
                    "SELECT extract(epoch FROM matched_at * 1)::bigint FROM (SELECT matched_at - 'epoch' AS matched_at FROM listing_matches) AS m")
                    == first)
        }
    }

    @Test("of a listing of low quality is shown but not told")
    func quality() async throws {
        try await TestService.with(CatalogService.self) { service in
            _ = try await service.save(Self.full.merging(["min_quality_score": 1]) { $1 }, as: .test())
            _ = try await service.see(.sample())
            #expect(try await service.count("SELECT count(*) FROM listing_matches WHERE matched_at IS NULL AND relevance_score = 1") == 1)
        }
    }

    @Test("of a new search is there for what was there before, untold")
    func newSearch() async throws {
        try await TestService.with(CatalogService.self) { service in
            let caller = Caller.test()
            _ = try await service.see(.sample())
            let search = try await service.save(Self.full, as: caller)
            try await eventually {
                let page: Page<ListingMatch> = try await service.get("/v1/search-criteria/\(search.id)/matches", as: caller).json()
                return page.items.map(\.relevanceScore) == [1] && page.items[0].matchedAt == nil
            }
        }
    }

    @Test("is no concern of a search that is given up meanwhile: neither scoring nor its owner is refused")
    func givenUp() async throws {
        try await TestService.with(CatalogService.self) { service in
            let caller = Caller.test()
            let postgres = service.platform.postgres
            let searches = SearchCriteriaStore(postgres: postgres)
            for round in 0..<30 {
                let search = try await service.save(Self.full, as: caller)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await service.see(.sample("\(round)")) }
                    group.addTask {
                        // Without another try: what would be a deadlock shows.
                        try await postgres.transaction(as: ServiceCaller(), retries: 0) { tx in
                            try await service.matches.score(search: search.id, in: tx)
                        }
                    }
                    group.addTask { _ = try await searches.delete(search.id, ifMatch: nil, as: caller) }
                    try await group.waitForAll()
                }
            }
            #expect(try await service.count("SELECT count(*) FROM listings") == 30)
            #expect(try await service.count("SELECT count(*) FROM listing_matches") == 0)
        }
    }
}
