import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("Saved searches")
struct SearchCriteriaRoutesTests {
    @Test("are created, read, changed and deleted by their owner, guarded by their version")
    func lifecycle() async throws {
        try await TestService.with(CatalogService.self) { service in
            let caller = Caller.test()
            let created = try await service.post("/v1/search-criteria", TestJSON.object(["name": "Berlin", "notes": "Balkon"]), as: caller)
            #expect(created.status == 201)
            let search: SearchCriteria = try created.json()
            #expect(created.headers.first(name: "Location") == "/v1/search-criteria/\(search.id.uuidString.lowercased())")
            #expect(search.wishes.propertyTypes == [.apartment, .house])
            let path = "/v1/search-criteria/\(search.id)"

            let changed = try await service.patch(path, TestJSON.object(["notes": nil, "max_rooms": 3]), as: caller, headers: ["If-Match": "\"1\""])
            #expect(changed.headers.first(name: "ETag") == "\"2\"")
            let now: SearchCriteria = try changed.json()
            #expect(now.wishes.notes == nil && now.wishes.maxRooms == 3 && now.wishes.name == "Berlin")

            let stale = try await service.patch(path, TestJSON.object(["name": "Late"]), as: caller, headers: ["If-Match": "\"1\""])
            #expect(stale.status == 412)
            #expect(try await service.get(path, as: caller, headers: ["If-None-Match": "\"2\""]).status == 304)
            #expect(try await service.delete(path, as: caller).status == 204)
            #expect(try await service.get(path, as: caller).status == 404)
        }
    }

    @Test("are made of a search as it was asked, words and all, and then tell of nothing else")
    func fromSearch() async throws {
        try await TestService.with(CatalogService.self) { service in
            let caller = Caller.test()
            let query =
                "q=balkon&city=Berlin&city=Potsdam&exclude_district=Mitte&max_rent=1000&min_rooms=2&furnishing_level=furnished&provider=wg_gesucht"
            let draft: [String: TestJSON] = ["name": "Balkon", "search_frequency": "immediate"]
            let answer = try await service.post("/v1/search-criteria/from-search?\(query)", TestJSON.object(draft), as: caller)
            #expect(answer.status == 201)
            let wishes = try (answer.json() as SearchCriteria).wishes
            #expect(wishes.q == "balkon" && wishes.preferredCities == ["Berlin", "Potsdam"] && wishes.excludedDistricts == ["Mitte"])
            #expect(wishes.maxRentNetto == 1000 && wishes.minRooms == 2 && wishes.furnishingLevels == [.furnished] && wishes.provider == "wg_gesucht")
            // What was not asked for asks for nothing.
            #expect(wishes.propertyTypes.isEmpty && wishes.maxDistanceKm == 0 && wishes.minQualityScore == 0 && wishes.searchFrequency == .immediate)
            func see(_ id: String, _ change: (inout ReadListing) -> Void) async throws {
                _ = try await service.see(
                    .sample(id) {
                        ($0.title, $0.street, $0.furnishingLevel) = ("Balkon und Bad \(id)", "Weg \(id)", "furnished")
                        change(&$0)
                    })
            }
            try await see("fits") { _ in }
            try await see("other words") { $0.title = "Garten und Bad" }
            try await see("unfurnished") { $0.furnishingLevel = "unfurnished" }
            try await see("elsewhere") { $0.provider = "immoscout" }
            let told = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.rows("SELECT provider_listing_id FROM listing_matches JOIN listings ON id = listing_id WHERE matched_at IS NOT NULL")
            }
            #expect(try told.map { try $0["provider_listing_id"] as String } == ["fits"])
            for (query, name) in [
                ("latitude=52&longitude=13", "latitude"), ("min_rooms=many", "min_rooms"), ("min_rooms=4&max_rooms=2", "max_rooms"),
            ] {
                let refused = try await service.post("/v1/search-criteria/from-search?\(query)", TestJSON.object(["name": "A"]), as: caller)
                #expect(refused.status == 422 && refused.text.contains(name))
            }
            #expect(try await service.post("/v1/search-criteria/from-search", TestJSON.object(["name": "A"])).status == 401)
        }
    }

    @Test("of another person are not to be seen, changed or deleted; nobody may do anything without signing in")
    func strangers() async throws {
        try await TestService.with(CatalogService.self) { service in
            let search = try await service.save(["name": "Mine"], as: .test())
            let path = "/v1/search-criteria/\(search.id)"
            let stranger = Caller.test()
            #expect(try await service.get(path, as: stranger).status == 404)
            #expect(try await service.get(path + "/matches", as: stranger).status == 404)
            #expect(try await service.patch(path, TestJSON.object(["name": "Theirs"]), as: stranger).status == 404)
            #expect(try await service.delete(path, as: stranger).status == 404)
            let list: Page<SearchCriteria> = try await service.get("/v1/search-criteria", as: stranger).json()
            #expect(list.items.isEmpty)
            for (method, path) in [("GET", path), ("GET", path + "/matches"), ("GET", "/v1/search-criteria"), ("DELETE", path)] {
                #expect(try await service.request(.init(rawValue: method), path).status == 401)
            }
            #expect(try await service.post("/v1/search-criteria", TestJSON.object(["name": "Nobody's"])).status == 401)
        }
    }

    @Test("are walled off in the database too")
    func rowLevelSecurity() async throws {
        try await TestService.with(CatalogService.self) { service in
            let owner = Caller.test()
            let search = try await service.save(["name": "Mine"], as: owner)
            let stranger = Caller.test()
            let seen = try await service.platform.postgres.transaction(as: stranger) { tx in
                try await tx.value("SELECT count(*) FROM search_criteria", as: Int.self)
            }
            #expect(seen == 0)
            let touched = try await service.platform.postgres.transaction(as: stranger) { tx in
                try await tx.execute("UPDATE search_criteria SET name = 'Theirs' WHERE id = \(search.id)")
            }
            #expect(touched == 0)
            await #expect(throws: (any Error).self) {
                try await service.platform.postgres.transaction(as: stranger) { tx in
                    try await tx.execute("INSERT INTO search_criteria (user_id, name) VALUES (\(owner.userID), 'Planted')")
                }
            }
            await #expect(throws: (any Error).self) {
                try await service.platform.postgres.transaction(as: owner) { tx in
                    try await tx.execute("INSERT INTO listings (provider, provider_listing_id, title) VALUES ('x', '1', 'Planted')")
                }
            }
        }
    }

    @Test(
        "with wishes that make no sense are refused by field",
        arguments: [
            (["name": " "], "/name"), (["name": "A", "min_rooms": 4, "max_rooms": 2], "/max_rooms"),
            (["name": "A", "property_types": ["castle"]], "/property_types/0"), (["name": "A", "preferred_cities": [""]], "/preferred_cities/0"),
            (["name": "A", "search_frequency": "yearly"], "/search_frequency"), (["name": "A", "max_distance_km": -1], "/max_distance_km"),
            (["name": "A", "available_from": "2026-02-30"], "/available_from"), ([:], "/name"),
        ] as [([String: TestJSON], String)])
    func invalid(wishes: [String: TestJSON], pointer: String) async throws {
        try await TestService.with(CatalogService.self) { service in
            let answer = try await service.post("/v1/search-criteria", TestJSON.object(wishes), as: .test())
            #expect(answer.status == 422)
            #expect(answer.text.contains("\"\(pointer)\"") || answer.text.contains(pointer.replacing("/", with: "\\/")))
        }
    }

    @Test("every route is documented, and every documented one is there")
    func documented() async throws {
        try await expectDocumented(CatalogService.self)
    }
}
