import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("Search")
struct SearchTests {
    private static func titles(_ service: TestService, _ query: String) async throws -> [String] {
        let page: Page<Listing> = try await service.get("/v1/listings?\(query)").json()
        return page.items.map(\.title)
    }

    @Test("finds by word stem, synonym and spelling, by place with or without umlaut, and by figures; pages follow one another without a gap")
    func words() async throws {
        try await TestService.with(CatalogService.self) { service in
            for number in 1...5 {
                _ = try await service.see(
                    .sample("\(number)") {
                        $0.city = "Düsseldorf"
                        $0.rentNetto = Decimal(number * 300)
                        $0.title = "Wohnungen im Grünen"
                    })
            }
            _ = try await service.see(
                .sample("6") {
                    $0.title = "Helles Appartement mit Küche, Nähe Café"
                    $0.description = nil
                })
            let found: Page<Listing> = try await service.get("/v1/listings?city=duesseldorf&max_rent=900&q=wohnung").json()
            #expect(found.items.map(\.rentNetto) == [900, 600, 300])
            for words in [
                "Whg", "Wohnung%20hell", "kuche", "cafe", "Apartment%20-gr%C3%BCn", "%22helle%20Wohnung%22", "Berlin%20EBK%20OR%20K%C3%BCche",
            ] {
                #expect(try await Self.titles(service, "q=\(words)&city=Berlin").count == 1, "\(words)")
            }
            #expect(try await Self.titles(service, "q=Whg%20-appartement").isEmpty)
            #expect(try await Self.titles(service, "q=duesseldorf").count == 5)
            // Words that everybody uses ask for nothing.
            #expect(try await Self.titles(service, "q=der%20die%20das").count == 6)
            var seen: [UUID] = []
            var cursor = ""
            repeat {
                let page: Page<Listing> = try await service.get("/v1/listings?limit=2\(cursor)").json()
                seen += page.items.map(\.id)
                cursor = page.nextCursor.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(seen.count == 6 && Set(seen).count == 6)
        }
    }

    @Test("sorts by words, rent and distance, and says how far and how well")
    func sorts() async throws {
        try await TestService.with(CatalogService.self) { service in
            let places: [(String, Double, Double, Int)] = [
                ("Mitte", 52.52, 13.40, 900), ("Potsdam", 52.39, 13.06, 500), ("Spandau", 52.53, 13.20, 700),
            ]
            for (name, latitude, longitude, rent) in places {
                _ = try await service.see(
                    .sample(name) {
                        $0.title = name == "Spandau" ? "Balkon, Balkon, Balkon" : "Balkon in \(name)"
                        $0.city = name == "Potsdam" ? "Potsdam" : "Berlin"
                        $0.district = nil
                        $0.description = name == "Potsdam" ? "Ein Garten." : "Ein Balkon."
                        $0.latitude = latitude
                        $0.longitude = longitude
                        $0.rentNetto = Decimal(rent)
                    })
            }
            #expect(try await Self.titles(service, "sort=price").first == "Balkon in Potsdam")
            #expect(try await Self.titles(service, "sort=price_desc").first == "Balkon in Mitte")
            #expect(try await Self.titles(service, "q=balkon&sort=relevance").first == "Balkon, Balkon, Balkon")
            let near = "latitude=52.52&longitude=13.40&sort=distance"
            #expect(try await Self.titles(service, near) == ["Balkon in Mitte", "Balkon, Balkon, Balkon", "Balkon in Potsdam"])
            #expect(try await Self.titles(service, near + "&max_distance_km=20") == ["Balkon in Mitte", "Balkon, Balkon, Balkon"])
            #expect(try await Self.titles(service, "city=Potsdam&max_distance_km=20") == ["Balkon, Balkon, Balkon", "Balkon in Potsdam"])
            #expect(try await service.get("/v1/listings?\(near)").text.contains(#""distance_km":13."#))
            for sort in ["price", "price_desc", "distance&city=Berlin&max_distance_km=100", "relevance&q=balkon", "date"] {
                var seen: [UUID] = []
                var cursor = ""
                repeat {
                    let page: Page<Listing> = try await service.get("/v1/listings?limit=1&sort=\(sort)\(cursor)").json()
                    seen += page.items.map(\.id)
                    cursor = page.nextCursor.map { "&cursor=\($0)" } ?? ""
                } while !cursor.isEmpty && seen.count < 10
                #expect(seen.count == 3 && Set(seen).count == 3, "\(sort)")
            }
        }
    }

    @Test("counts what fits by its values, exactly")
    func facets() async throws {
        try await TestService.with(CatalogService.self) { service in
            for number in 0..<7 {
                _ = try await service.see(
                    .sample("\(number)") {
                        $0.city = number < 4 ? "Köln" : "Berlin"
                        $0.propertyType = number.isMultiple(of: 2) ? "apartment" : "room"
                        $0.rentNetto = Decimal(400 + 100 * number)
                    })
            }
            let facets: ListingFacets = try await service.get("/v1/listings/facets?max_rent=900").json()
            #expect(facets.count == 6 && facets.isExact)
            #expect(facets.facets["city"]?.map { "\($0.value) \($0.count)" } == ["Köln 4", "Berlin 2"])
            #expect(facets.facets["property_type"]?.map { "\($0.value) \($0.count)" } == ["apartment 3", "room 3"])
            #expect(facets.facets["rent"]?.map { "\($0.value) \($0.count)" } == ["500 3", "750 2", "250 1"])
        }
    }

    @Test("beyond 10,000 says more than so many, and still pages through all of it")
    func many() async throws {
        try await TestService.with(CatalogService.self) { service in
            try await service.fill(10_050)
            let facets: ListingFacets = try await service.get("/v1/listings/facets?q=wohnung").json()
            #expect(facets.count == 10_000 && !facets.isExact)
            let exact: ListingFacets = try await service.get("/v1/listings/facets?q=wohnung&max_rent=999").json()
            #expect(exact.count == 5_000 + 25 && exact.isExact)
        }
    }

    @Test("Places are suggested as they are typed, by their beginning, then by how they are spelled")
    func places() async throws {
        try await TestService.with(CatalogService.self) { service in
            for number in 0..<3 { _ = try await service.see(.sample("\(number)") { $0.city = "Bergisch Gladbach" }) }
            try await PlaceStore(postgres: service.platform.postgres, cache: service.platform.cache).survey()
            func suggested(_ query: String) async throws -> [PlaceSuggestion] {
                let answer: SearchRoutes.Suggestions = try await service.get("/v1/places?q=\(query)").json()
                return answer.items
            }
            #expect(try await suggested("ber").prefix(2).map(\.name) == ["Bergisch Gladbach", "Berlin"])
            #expect(try await suggested("m%C3%BC").contains { $0.name == "München" })
            #expect(try await suggested("muenchen").first?.name == "München")
            #expect(try await suggested("kreuz").map { "\($0.kind.rawValue) \($0.name) \($0.city)" } == ["district Kreuzberg Bergisch Gladbach"])
            #expect(try await suggested("Hambrug").first?.name == "Hamburg")
            #expect(try await suggested("%25_").isEmpty)
        }
    }

    @Test(
        "A question that makes no sense is refused by field",
        arguments: [
            "property_type=castle", "min_rent=cheap", "limit=0", "limit=101", "cursor=%21", "q=a&q=b", "sort=beauty", "sort=distance", "city=",
            "max_distance_km=5", "latitude=5", "latitude=91&longitude=0", "available_from=soon", "min_floor=9000", "min_quality_score=2",
            "max_rent=-1",
            "require_verified_contact=1",
        ])
    func badQuery(query: String) async throws {
        try await TestService.with(CatalogService.self) { service in
            let answer = try await service.get("/v1/listings?\(query)")
            #expect(answer.status == 422)
            #expect(answer.problem == "invalid")
        }
    }
}

extension TestService {
    /// As the database does by itself after a while: it learns what is common.
    func analyze() async throws { try await script("ANALYZE catalog.listing_search") }

    /// Listings straight into the table, every other one cheaper than 1,000.
    func fill(_ count: Int) async throws {
        _ = try await platform.postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                """
                INSERT INTO listings (provider, provider_listing_id, title, property_type, city, rent_netto, rooms, is_processed)
                SELECT 'wg_gesucht', 'n' || n, 'Wohnung ' || n, 'apartment', 'Berlin', CASE n % 2 WHEN 0 THEN 900 ELSE 1100 END, 2, true
                FROM generate_series(1, \(count)) AS n
                """)
        }
    }
}
