import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

/// Pairs of homes that a person has put in order for a search, most of them less than clear: relevance has to order them so.
@Suite("Relevance, held against labels")
struct RankingTests {
    struct Label: Sendable, CustomTestStringConvertible {
        var name: String
        var wishes: [String: TestJSON] = MatchTests.full
        var better: @Sendable (inout ReadListing) -> Void
        var worse: @Sendable (inout ReadListing) -> Void
        var testDescription: String { name }
    }

    static let labels = [
        Label(name: "in the city before beside it", better: { _ in }, worse: { $0.move("Potsdam", 52.391, 13.064) }),
        Label(
            name: "near before far", better: { $0.move("Teltow", 52.40, 13.27) }, worse: { $0.move("Beelitz", 52.24, 12.97) }),
        Label(name: "the kind before the price", better: { $0.rentNetto = 1090 }, worse: { $0.propertyType = "room" }),
        Label(name: "within the rent before slightly above", better: { $0.rentNetto = 990 }, worse: { $0.rentNetto = 1050 }),
        Label(name: "slightly above before far above", better: { $0.rentNetto = 1099 }, worse: { $0.rentNetto = 1600 }),
        Label(name: "a rent too high before another city", better: { $0.rentNetto = 1300 }, worse: { $0.move("Beelitz", 52.24, 12.97) }),
        Label(name: "too many rooms before too much rent", better: { $0.rooms = 5 }, worse: { $0.rentNetto = 1400 }),
        Label(name: "stated before silent", better: { _ in }, worse: { $0.rooms = nil }),
        Label(name: "silent on rooms before silent on rent", better: { $0.rooms = nil }, worse: { $0.rentNetto = nil }),
        Label(
            name: "the preferred district before the rest of the city",
            wishes: MatchTests.full.merging(["preferred_districts": ["Kreuzberg"]]) { $1 },
            better: { _ in }, worse: { $0.district = "Mitte" }),
        Label(
            name: "the rest of the city before the next one", wishes: MatchTests.full.merging(["preferred_districts": ["Mitte"]]) { $1 },
            better: { _ in }, worse: { $0.move("Potsdam", 52.391, 13.064) }),
        Label(name: "all but the rooms before all but the kind", better: { $0.rooms = 6 }, worse: { $0.propertyType = "house" }),
    ]

    @Test("orders them as the person did", arguments: labels)
    func ordered(label: Label) async throws {
        try await TestService.with(CatalogService.self) { service in
            let caller = Caller.test()
            _ = try await service.save(label.wishes, as: caller)
            struct Matches: Decodable { var items: [ListingMatch] }
            func score(_ id: String, _ change: (inout ReadListing) -> Void) async throws -> Decimal {
                guard case .created(let listing) = try await service.see(.sample(id, change)) else { return -1 }
                let matches: Matches = try await service.get("/v1/listings/\(listing)/matches", as: caller).json()
                return matches.items.first.map { $0.isRuledOut ? 0 : $0.relevanceScore } ?? -1
            }
            let (better, worse) = (try await score("better", label.better), try await score("worse", label.worse))
            #expect(worse >= 0 && better > worse, "\(better) and \(worse)")
        }
    }

    @Test("Weights, limits and what is nearly enough are data: a criterion that is given a weight counts, in proportion")
    func data() async throws {
        try await TestService.with(CatalogService.self) { service in
            let caller = Caller.test()
            _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("UPDATE relevance_criteria SET weight = 0.25, is_limit = false WHERE criterion = 'area'")
                try await tx.execute("UPDATE relevance_criteria SET is_limit = true WHERE criterion = 'rent'")
            }
            let search = try await service.save(MatchTests.full.merging(["min_area": 80]) { $1 }, as: caller)
            struct Matches: Decodable { var items: [ListingMatch] }
            func match(_ id: String, _ change: (inout ReadListing) -> Void) async throws -> ListingMatch {
                guard case .created(let listing) = try await service.see(.sample(id, change)) else { throw CancellationError() }
                let matches: Matches = try await service.get("/v1/listings/\(listing)/matches", as: caller).json()
                guard let match = matches.items.first else { throw CancellationError() }
                return match
            }
            let small = try await match("small") { _ in }
            #expect(small.shares["area"] == 0 && small.shares["city"] == 0.32 && small.relevanceScore == 0.8 && small.searchID == search.id)
            let large = try await match("large") { $0.livingArea = 90 }
            #expect(large.shares["area"] == 0.2 && large.relevanceScore == 1)
            let dear = try await match("dear") { $0.rentNetto = 1500 }
            #expect(dear.isRuledOut && dear.matchedAt == nil)
        }
    }
}

extension ReadListing {
    fileprivate mutating func move(_ city: String, _ latitude: Double, _ longitude: Double) {
        self.city = city
        district = nil
        self.latitude = latitude
        self.longitude = longitude
    }
}
