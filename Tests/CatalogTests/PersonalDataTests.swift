import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite struct PersonalDataTests {
    @Test func `Every column that names a person is declared, for exports and erasures`() async throws {
        try await expectDeclared(CatalogService.self) { platform in
            CatalogPersonalData(searches: SearchCriteriaStore(postgres: platform.postgres))
        }
    }

    @Test func `An export shows every row of the person's and none of anybody else's, page by page, as one document`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let postgres = service.platform.postgres
            let (maria, paul) = (UUID.v7(), UUID.v7())
            try await postgres.transaction(as: ServiceCaller()) { tx in
                for (user, count) in [(maria, 450), (paul, 3)] {
                    try await tx.execute(
                        """
                        INSERT INTO search_criteria (user_id, name, notes) SELECT \(user), 'Suche ' || n, repeat('ä"', 2000)
                        FROM generate_series(1, \(count)) AS n
                        """)
                }
            }
            let desk = PersonalDataDesk(CatalogPersonalData(searches: SearchCriteriaStore(postgres: postgres)), postgres: postgres)
            var (json, rows, pages) = ("", 0, 0)
            var cursor: String?
            repeat {
                let page = try await desk.page(of: maria, after: cursor)
                // A page is bounded: by rows, and by their bytes.
                #expect(page.rows <= 200 && page.json.utf8.count < 320 * 1024)
                (json, rows, pages, cursor) = (json + page.json, rows + page.rows, pages + 1, page.nextCursor)
            } while cursor != nil && pages < 100
            #expect(rows == 450 && pages > 4)
            let document = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: [[String: Any]]])
            #expect(
                document.keys.sorted() == [
                    "application_letters", "contact_listings", "contact_merges", "contacts", "home_applications", "listing_matches",
                    "search_criteria",
                    "seekers", "user_favorites",
                ])
            let found = try #require(document["search_criteria"])
            #expect(Set(found.compactMap { $0["name"] as? String }).count == 450)
            #expect(found.allSatisfy { $0["user_id"] as? String == maria.uuidString.lowercased() && $0["city_keys"] == nil })
            await #expect(throws: PersonalDataDesk.InvalidCursor.self) { try await desk.page(of: maria, after: "nonsense") }
        }
    }

    @Test func `An erasure leaves nothing, and its receipt says what went`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let postgres = service.platform.postgres
            let user = UUID.v7()
            let desk = PersonalDataDesk(CatalogPersonalData(searches: SearchCriteriaStore(postgres: postgres)), postgres: postgres)
            let receipt = try await postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("INSERT INTO search_criteria (user_id, name) SELECT \(user), 'Suche ' || n FROM generate_series(1, 3) AS n")
                return try await desk.erase(user, version: 2, in: tx)
            }
            #expect(
                receipt.map { "\($0.table) \($0.action) \($0.rows) \($0.remaining)" } == [
                    "search_criteria deleted 3 0", "listing_matches deleted 0 0", "contacts deleted 0 0", "contact_listings deleted 0 0",
                    "contact_merges deleted 0 0", "contact_blacklist anonymised 0 0", "contact_objections anonymised 0 0",
                    "user_favorites deleted 0 0", "application_letters deleted 0 0", "home_applications deleted 0 0", "seekers anonymised 0 1",
                ])
        }
    }
}
