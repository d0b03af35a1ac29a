import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("Favourites")
struct FavoriteTests {
    @Test("are kept once, with notes and tags, seen by nobody else, and gone with their person")
    func kept() async throws {
        try await TestService.with(CatalogService.self) { service in
            let (caller, other) = (Caller.test(), Caller.test())
            guard case .created(let listing) = try await service.see(.sample()) else { return }
            let body: TestJSON = ["listing_id": .text(listing.uuidString.lowercased()), "notes": "Freitag", "tags": ["hell"]]
            let created = try await service.post("/v1/favorites", body, as: caller)
            #expect(created.status == 201)
            let favorite: Favorite = try created.json()
            #expect(favorite.listingID == listing && favorite.petID == nil && favorite.notes == "Freitag" && favorite.tags == ["hell"])
            #expect(try await service.post("/v1/favorites", body, as: caller).status == 200)
            #expect(try await service.post("/v1/favorites", body, as: other).status == 201)

            let path = "/v1/favorites/\(favorite.id.uuidString.lowercased())"
            #expect(try await service.get(path, as: other).status == 404)
            #expect(try await service.patch(path, ["notes": nil] as TestJSON, as: other).status == 404)
            #expect(try await service.delete(path, as: other).status == 404)
            let changed: Favorite = try await service.patch(path, ["notes": nil] as TestJSON, as: caller, headers: ["If-Match": "\"1\""]).json()
            #expect(changed.notes == nil && changed.tags == ["hell"] && changed.version == 2)
            #expect(try await service.patch(path, ["tags": []] as TestJSON, as: caller, headers: ["If-Match": "\"1\""]).status == 412)
            let page: Page<Favorite> = try await service.get("/v1/favorites", as: caller).json()
            #expect(page.items.map(\.id) == [favorite.id])
            #expect(try await service.delete(path, as: caller).status == 204)
            #expect(try await service.get(path, as: caller).status == 404)
            #expect(try await service.count("SELECT count(*) FROM user_favorites") == 1)
        }
    }

    @Test("are of one thing: a home or an animal")
    func oneOfTwo() async throws {
        try await TestService.with(CatalogService.self) { service in
            guard case .created(let listing) = try await service.see(.sample()) else { return }
            let postgres = service.platform.postgres
            for (home, pet) in [(listing, UUID.v7()), (nil, nil)] as [(UUID?, UUID?)] {
                await #expect(throws: PostgresError.self) {
                    try await postgres.transaction(as: ServiceCaller()) { tx in
                        try await tx.execute("INSERT INTO user_favorites (user_id, listing_id, pet_id) VALUES (\(UUID.v7()), \(home), \(pet))")
                    }
                }
            }
            try await postgres.transaction(as: ServiceCaller()) { tx in
                _ = try await tx.execute("INSERT INTO user_favorites (user_id, pet_id) VALUES (\(UUID.v7()), \(UUID.v7()))")
            }
            let nobody: TestJSON = ["listing_id": .text(UUID().uuidString)]
            #expect(try await service.post("/v1/favorites", nobody, as: .test()).problem == "invalid")
        }
    }

    @Test("asked for fifty times at once are one")
    func parallel() async throws {
        try await TestService.with(CatalogService.self) { service in
            let caller = Caller.test()
            guard case .created(let listing) = try await service.see(.sample()) else { return }
            let body: TestJSON = ["listing_id": .text(listing.uuidString.lowercased())]
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 { group.addTask { try await service.post("/v1/favorites", body, as: caller).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 201 } == 1 && statuses.count { $0 == 200 } == 49)
        }
    }
}
