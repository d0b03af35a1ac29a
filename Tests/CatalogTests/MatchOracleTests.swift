import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

/// What the index finds, held against scoring every pair, on random listings and searches.
@Suite("Matching, held against scoring everything")
struct MatchOracleTests {
    private static let cities: [(name: String, latitude: Double, longitude: Double)] = [
        ("Berlin", 52.520, 13.405), ("Potsdam", 52.391, 13.064), ("Leipzig", 51.340, 12.375), ("Halle", 51.483, 11.970), ("Nirgendwo", 0, 0),
    ]

    @Test("finds the same pairs", arguments: [1, 2])
    func sameAsAll(seed: UInt64) async throws {
        try await TestService.with(CatalogService.self) { service in
            var random = SeededGenerator(seed: seed)
            for number in 0..<120 { try await Self.makeSearch(number, service, &random) }
            for number in 0..<60 { _ = try await service.see(Self.listing("\(number)", &random)) }
            // Some change, some leave and come back.
            for number in 0..<20 { _ = try await service.see(Self.listing("\(number)", &random)) }
            try await Self.expectSame(service, changed: 20)
        }
    }

    @Test("also for those that run by the clock")
    func byTheClock() async throws {
        try await TestService.with(CatalogService.self, settings: ["SEARCH_RUN_PAUSE": "1h"]) { service in
            var random = SeededGenerator(seed: 3)
            for number in 0..<60 { try await Self.makeSearch(number, service, &random, frequency: "hourly") }
            for number in 0..<60 { _ = try await service.see(Self.listing("\(number)", &random)) }
            #expect(try await service.count("SELECT count(*) FROM listing_matches") == 0)
            let runs = SearchRunStore(postgres: service.platform.postgres, matches: service.matches)
            while try await runs.runNext(now: Date(timeIntervalSinceNow: 7200)) {}
            try await Self.expectSame(service, changed: 0)
        }
    }

    /// Every pair that fits is stored, with its shares, and told where it may be; and none besides. The first listings have changed: who was told of
    /// what they were before stays told.
    private static func expectSame(_ service: TestService, changed: Int) async throws {
        let pairs = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.rows(
                """
                SELECT l.listing_id::text || ' ' || s.id::text AS pair, m.listing_id IS NOT NULL AS is_stored,
                    -- Of a home that several listings offer one is told.
                    EXISTS (
                        SELECT FROM listing_matches t JOIN listings told ON told.id = t.listing_id JOIN listings own ON own.id = l.listing_id
                        WHERE t.user_id = s.user_id AND told.home_id = own.home_id AND t.matched_at IS NOT NULL
                    ) AS is_told,
                    NOT o.is_ruled_out AND \(MatchStore.score) >= 0.6 AS fits,
                    l.quality >= s.min_quality_score AND (NOT s.require_verified_contact OR l.has_verified_contact) AS may_tell,
                    m.matched_at IS NOT NULL AND (SELECT provider_listing_id::integer >= \(changed) FROM listings WHERE id = l.listing_id)
                        AS is_told_as_it_is,
                    coalesce(m.relevance_score, 0) = CASE WHEN NOT o.is_ruled_out AND \(MatchStore.score) >= 0.6 THEN \(MatchStore.score) ELSE 0 END
                        AS is_same
                FROM listing_search l CROSS JOIN search_criteria s CROSS JOIN relevance_rules r
                CROSS JOIN LATERAL relevance_of(l, s, \(MatchStore.distance), r) AS o
                LEFT JOIN (SELECT listing_id, search_id, relevance_score, matched_at FROM listing_matches) AS m
                    ON (m.listing_id, m.search_id) = (l.listing_id, s.id)
                WHERE l.is_processed
                """)
        }
        var (fitting, withheld) = (0, 0)
        var wrong: [String] = []
        for row in pairs {
            let (pair, fits, isStored, isTold): (String, Bool, Bool, Bool) = (
                try row["pair"], try row["fits"], try row["is_stored"], try row["is_told"]
            )
            let (isSame, mayTell, isToldAsItIs): (Bool, Bool, Bool) = (
                try row["is_same"], try row["may_tell"], try row["is_told_as_it_is"]
            )
            fitting += fits ? 1 : 0
            withheld += fits && !mayTell ? 1 : 0
            if !isSame || (fits && !isStored) || (fits && mayTell && !isTold) || (isToldAsItIs && !(fits && mayTell)) { wrong.append(pair) }
        }
        #expect(wrong.isEmpty)
        #expect(fitting > 50 && withheld > 0)
    }

    private static func makeSearch(
        _ number: Int, _ service: TestService, _ random: inout SeededGenerator, frequency: TestJSON = "immediate"
    ) async throws {
        // Listings here state five tenths at most.
        let quality: [TestJSON] = [0, .decimal(Decimal(3) / 10), .decimal(Decimal(4) / 10), .decimal(Decimal(5) / 10)]
        var wishes: [String: TestJSON] = [
            "name": .text("Search \(number)"), "search_frequency": frequency, "min_quality_score": quality[number % quality.count],
        ]
        func maybe(_ set: () -> Void) { if Bool.random(using: &random) { set() } }
        maybe {
            wishes["preferred_cities"] = .list(
                cities.shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random)).map { .text($0.name.uppercased()) })
        }
        maybe { wishes["preferred_districts"] = ["Mitte"] }
        maybe { wishes["excluded_cities"] = ["Halle"] }
        maybe { wishes["excluded_districts"] = ["Süd"] }
        maybe { wishes["max_distance_km"] = .number([0, 10, 30, 200].randomElement(using: &random) ?? 0) }
        maybe { wishes["min_rent_netto"] = .number(Int.random(in: 3...6, using: &random) * 100) }
        maybe { wishes["max_rent_netto"] = .number(Int.random(in: 7...12, using: &random) * 100) }
        maybe { wishes["min_rooms"] = 2 }
        maybe { wishes["max_rooms"] = 3 }
        maybe { wishes["max_deposit"] = 1500 }
        maybe { wishes["min_area"] = 50 }
        maybe { wishes["max_floor"] = 3 }
        maybe { wishes["available_until"] = "2026-12-01" }
        maybe { wishes["min_lease_duration"] = 12 }
        maybe { wishes["property_types"] = ["room", "studio"] }
        _ = try await service.save(wishes, as: .test())
    }

    private static func listing(_ id: String, _ random: inout SeededGenerator) -> ReadListing {
        let place = cities.randomElement(using: &random) ?? cities[0]
        var listing = ReadListing(provider: "wg_gesucht", providerListingID: id, title: "Home \(id) \(Int.random(in: 0..<1000, using: &random))")
        func some<Value>(_ value: Value) -> Value? { Int.random(in: 0..<4, using: &random) > 0 ? value : nil }
        listing.city = some(place.name)
        listing.district = some(["Mitte", "Süd"].randomElement(using: &random) ?? "")
        if Bool.random(using: &random), place.latitude != 0 {
            listing.latitude = place.latitude + Double.random(in: -0.2...0.2, using: &random)
            listing.longitude = place.longitude + Double.random(in: -0.2...0.2, using: &random)
        }
        listing.propertyType = some(PropertyType.allCases.map(\.rawValue).randomElement(using: &random) ?? "")
        listing.rentNetto = some(Decimal(Int.random(in: 2...14, using: &random) * 100))
        listing.deposit = some(Decimal(Int.random(in: 5...20, using: &random) * 100))
        listing.rooms = some(Decimal(Int.random(in: 1...4, using: &random)))
        listing.livingArea = some(Decimal(Int.random(in: 20...120, using: &random)))
        listing.floor = some("\(Int.random(in: 0...5, using: &random)). OG")
        listing.availableFrom = some("2026-1\(Int.random(in: 0...2, using: &random))-15")
        listing.leaseDurationMax = some(Int.random(in: 1...24, using: &random))
        return listing
    }
}
