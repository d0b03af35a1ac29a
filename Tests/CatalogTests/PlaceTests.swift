import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("Places")
struct PlaceTests {
    private static func places(_ service: TestService) -> PlaceStore {
        PlaceStore(postgres: service.platform.postgres, cache: service.platform.cache)
    }

    @Test("are not what somebody typed into a search: what is suggested is offered, as the listing spells it")
    func typed() async throws {
        try await TestService.with(CatalogService.self) { service in
            _ = try await service.save(["name": "A", "preferred_cities": ["GRUENHAUSEN!! cheap flats"]], as: .test())
            _ = try await service.save(["name": "B", "preferred_cities": ["Gruenhausen"]], as: .test())
            let places = Self.places(service)
            #expect(try await places.suggest("gruenh", limit: 5).isEmpty)
            _ = try await service.see(.sample { $0.city = "Grünhausen" })
            #expect(try await places.suggest("gruenh", limit: 6).map(\.name) == ["Grünhausen"])
        }
    }

    @Test("are looked around only as far as any search still looks")
    func reach() async throws {
        try await TestService.with(CatalogService.self) { service in
            let caller = Caller.test()
            _ = try await service.save(["name": "near", "preferred_cities": ["Berlin"], "max_distance_km": 5], as: caller)
            let far = try await service.save(["name": "far", "preferred_cities": ["Berlin"], "max_distance_km": 90], as: caller)
            func reach() async throws -> Int {
                try await service.count("SELECT reach_km::bigint FROM places WHERE city_key = 'berlin' AND district_key = ''")
            }
            #expect(try await reach() == 90)
            #expect(try await service.delete("/v1/search-criteria/\(far.id)", as: caller).status == 204)
            try await eventually {
                try await Self.places(service).survey()
                return try await reach() == 5
            }
        }
    }

    @Test("that are found later give their homes their place, and the homes the searches around them")
    func foundLater() async throws {
        try await TestService.with(CatalogService.self) { service in
            let wishes: [String: TestJSON] = ["preferred_cities": ["Berlin"], "max_distance_km": 40]
            _ = try await service.save(MatchTests.full.merging(wishes) { $1 }, as: .test())
            _ = try await service.see(.sample("silent") { $0.city = "Neudorf" })
            let unplaced: SQL = "SELECT count(*) FROM listing_search WHERE location IS NULL"
            #expect(try await service.count(unplaced) == 1)
            _ = try await service.see(
                .sample("stated") {
                    $0.title = "Haus am See"
                    $0.street = "Seeweg"
                    $0.rentNetto = 2500
                    $0.city = "Neudorf"
                    $0.latitude = 52.5
                    $0.longitude = 13.5
                })
            try await eventually {
                try await Self.places(service).survey()
                return try await service.count(unplaced) == 0
            }
            while try await service.matches.scoreWaiting() {}
            try await eventually {
                try await service.count(
                    """
                    SELECT count(*) FROM listing_matches JOIN listings ON id = listing_id
                    WHERE provider_listing_id = 'silent' AND matched_at IS NOT NULL
                    """) == 1
            }
        }
    }

    @Test("are counted by one copy, and by none again for a while")
    func once() async throws {
        try await TestService.with(CatalogService.self) { service in
            let places = Self.places(service)
            // The service's own has counted when it started, or does now.
            try await eventually { try await !places.survey(unlessWithin: .seconds(600)) }
            _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("UPDATE place_surveys SET surveyed_at = '-infinity'")
            }
            let counted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 { group.addTask { try await places.survey(unlessWithin: .seconds(600)) } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(counted == 1)
        }
    }

    @Test("A listing does not hold its city: another one there is stored meanwhile")
    func besideOneAnother() async throws {
        try await TestService.with(CatalogService.self) { service in
            _ = try await service.see(.sample("known") { $0.livingArea = 30 })
            let postgres = service.platform.postgres
            _ = try await postgres.transaction(as: ServiceCaller()) { first in
                _ = try await service.sightings.record(.sample("first") { $0.livingArea = 60 }, at: Date(), in: first)
                _ = try await postgres.transaction(as: ServiceCaller()) { second in
                    try await second.execute("SELECT set_config('lock_timeout', '5s', true)")
                    _ = try await service.sightings.record(.sample("second") { $0.livingArea = 120 }, at: Date(), in: second)
                }
            }
            #expect(try await service.count("SELECT count(*) FROM listing_search WHERE city_key = 'berlin'") == 3)
        }
    }

    @Test("A home is looked for among those of its city, by whatever part of it a site names")
    func homePlaces() async throws {
        let known = [
            ("Berlin Mitte", "berlin"), ("Frankfurt (Main)", "frankfurt"), ("Köln-Ehrenfeld", "koeln"), ("Neuss", "neuss"),
            ("Bad Homburg v.d.H.", "badhomburg"), ("Bad-Nauheim", "badnauheim"), ("Bad", "bad"), ("St. Augustin", "staugustin"),
            ("Sankt Augustin", "staugustin"), ("Neu Ulm", "neuulm"), ("Groß-Gerau", "grossgerau"), ("Lutherstadt Wittenberg", "wittenberg"),
        ]
        try await TestService.with(CatalogService.self) { service in
            let places = try await service.platform.postgres.rows(
                "SELECT home_place(city) AS place FROM unnest(\(known.map(\.0))::text[]) WITH ORDINALITY AS known (city, number) ORDER BY number")
            #expect(try places.map { try $0["place"] as String } == known.map(\.1))
        }
    }
}
