import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite struct FavoriteNewsTests {
    private static let day = 86_400.0

    private func keep(_ service: TestService, _ listing: UUID, _ caller: Caller) async throws {
        let kept = try await service.post("/v1/favorites", ["listing_id": .text(listing.uuidString.lowercased())] as TestJSON, as: caller)
        #expect(kept.status == 201)
    }

    @Test func `Whoever keeps a home is told of another price, that it is gone, and that it is back, each once; nobody else is`() async throws {
        try await TestService.with(CatalogService.self) { service in
            try await service.listening(to: FavoriteChanged.self) { heard in
                let (first, second) = (Caller.test(), Caller.test())
                let start = Date(timeIntervalSinceNow: -100 * Self.day)
                let listing = try await service.created(.sample(), at: start)
                let other = try await service.created(.sample("other") { $0.city = "Hamburg" }, at: start)
                for caller in [first, second] { try await keep(service, listing, caller) }
                func told(_ caller: Caller) -> [FavoriteChanged] { heard.events.filter { $0.userID == caller.userID } }

                for id in ["1", "other"] {
                    _ = try await service.see(.sample(id) { $0.title = "Anderer Titel" }, at: start.addingTimeInterval(1))
                    _ = try await service.see(.sample(id) { $0.rentNetto = 850 }, at: start.addingTimeInterval(2))
                }
                try await eventually { heard.events.count == 2 }
                for caller in [first, second] {
                    let event = try #require(told(caller).first)
                    #expect(event.change == .price && event.before?.rentNetto == 900 && event.after?.rentNetto == 850 && event.listing.id == listing)
                }
                // Gone, and in the archive later: that is told once.
                _ = try await service.ageing(at: start.addingTimeInterval(20 * Self.day)).age()
                _ = try await service.ageing(at: Date()).age()
                try await eventually { heard.events.count == 4 }
                _ = try await service.see(.sample { $0.rentNetto = 850 })
                try await eventually { heard.events.count == 6 }
                for caller in [first, second] {
                    #expect(told(caller).map(\.change) == [.price, .gone, .back])
                    #expect(Set(told(caller).map(\.listing.version)).count == 3)
                }
                #expect(!heard.events.contains { $0.listing.id == other })
            }
        }
    }

    @Test func `However many keep a home, each is told once, and of what was removed nobody`() async throws {
        try await TestService.with(CatalogService.self) { service in
            try await service.listening(to: FavoriteChanged.self) { heard in
                let listing = try await service.created(.sample(), at: Date(timeIntervalSinceNow: -100))
                let people = FavoriteNews.page * 2 + 3
                func change(_ sql: SQL) async throws {
                    _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { try await $0.execute(sql) }
                }
                func see(_ rent: Decimal, ago: Double) async throws {
                    _ = try await service.see(.sample { $0.rentNetto = rent }, at: Date(timeIntervalSinceNow: -ago))
                }
                try await change("INSERT INTO user_favorites (user_id, listing_id) SELECT uuid_v7(), \(listing) FROM generate_series(1, \(people))")
                try await see(850, ago: 90)
                try await change("UPDATE listings SET removed_at = now() WHERE id = \(listing)")
                try await see(800, ago: 80)
                try await change("UPDATE listings SET removed_at = NULL WHERE id = \(listing)")
                try await see(750, ago: 70)
                try await eventually(within: .seconds(30)) { heard.events.count == people * 2 }
                for rent in [850, 750] as [Decimal] {
                    let told = heard.events.filter { $0.after?.rentNetto == rent }
                    #expect(told.count == people && Set(told.map(\.userID)).count == people)
                }
            }
        }
    }

    @Test func `A home that another listing offers again is told to whoever kept the one that is gone`() async throws {
        try await TestService.with(CatalogService.self) { service in
            try await service.listening(to: FavoriteChanged.self) { heard in
                let keeper = Caller.test()
                let listing = try await service.created(.sample(), at: Date(timeIntervalSinceNow: -200))
                try await keep(service, listing, keeper)
                let again = UUID.v7()
                try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                    _ = try await tx.execute(
                        """
                        INSERT INTO listings (id, provider, provider_listing_id, title, home_id) VALUES (\(again), 'test', 'again', 'Again', \(listing))
                        """)
                    let snapshot: ListingSnapshot? = try await tx.first("SELECT \(ListingSnapshot.columns) FROM listings WHERE id = \(again)")
                    try await ListingHistoryStore.note(
                        [.relisted(previous: listing, goneSince: Date())], of: try #require(snapshot), at: Date(), in: tx)
                }
                try await eventually { heard.events.count == 1 }
                #expect(heard.events.map(\.change) == [.back] && heard.events.map(\.listing.id) == [again])
                #expect(heard.events.map(\.userID) == [keeper.userID])
            }
        }
    }
}
