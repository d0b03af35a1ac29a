import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite struct ListingHistoryTests {
    private static func prices(_ entries: [ListingHistoryEntry]) -> [[Decimal?]] {
        entries.map { [$0.priceBefore?.rentNetto, $0.priceAfter?.rentNetto] }
    }

    @Test func `A changed price is a row and an event; the same price again is neither`() async throws {
        try await TestService.with(CatalogService.self) { service in
            try await service.listening(to: ListingPriceChanged.self) { heard in
                let start = Date(timeIntervalSinceNow: -100)
                let id = try await service.created(.sample(), at: start)
                _ = try await service.see(.sample(), at: start.addingTimeInterval(1))
                _ = try await service.see(.sample { $0.title = "Anderer Titel" }, at: start.addingTimeInterval(2))
                _ = try await service.see(
                    .sample {
                        $0.rentNetto = 850.5
                        $0.deposit = 1700
                    }, at: start.addingTimeInterval(3))
                // What the page no longer states is no change.
                _ = try await service.see(.sample { $0.rentNetto = nil }, at: start.addingTimeInterval(4))
                let page: Page<ListingHistoryEntry> = try await service.get("/v1/listings/\(id)/history").json()
                let entry = try #require(page.items.first)
                #expect(page.items.count == 1 && page.nextCursor == nil)
                #expect(entry.kind == .priceChanged && entry.listingID == id)
                #expect(entry.priceBefore == ListingPrice(rentNetto: 900, rentBrutto: nil, additionalCosts: nil, deposit: nil, currency: "EUR"))
                #expect(entry.priceAfter == ListingPrice(rentNetto: 850.5, rentBrutto: nil, additionalCosts: nil, deposit: 1700, currency: "EUR"))
                #expect(abs(entry.happenedAt.timeIntervalSince(start) - 3) < 0.01)
                try await eventually { !heard.events.isEmpty }
                #expect(heard.events.map(\.after.rentNetto) == [850.5])
                #expect(heard.events.first?.listing.homeID == id)
            }
        }
    }

    @Test func `A listing that comes back after it was gone is active again and relisted, with the time since when it was gone`() async throws {
        try await TestService.with(CatalogService.self) { service in
            try await service.listening(to: ListingRelisted.self) { heard in
                let start = Date(timeIntervalSinceNow: -40 * 86_400)
                let id = try await service.created(.sample(), at: start)
                _ = try await service.ageing(at: Date()).age()
                let back = Date()
                #expect(try await service.see(.sample { $0.rentNetto = 950 }, at: back) == .changed(id))
                let entries = (try await service.get("/v1/listings/\(id)/history").json() as Page<ListingHistoryEntry>).items
                #expect(Set(entries.map(\.kind)) == [.statusChanged, .relisted, .priceChanged] && entries.count == 4)
                let statuses = entries.filter { $0.kind == .statusChanged }
                #expect(statuses.map(\.statusAfter) == [.active, .inactive])
                #expect(statuses.map(\.reason) == [.seenAgain, .unseen])
                let relisted = try #require(entries.first { $0.kind == .relisted })
                #expect(relisted.previousListingID == nil)
                #expect(abs(try #require(relisted.goneSince).timeIntervalSince(start)) < 0.01)
                try await eventually { heard.events.count == 1 }
                #expect(abs(heard.events[0].goneSince.timeIntervalSince(start)) < 0.01)
                let listing: Listing = try await service.get("/v1/listings/\(id)").json()
                #expect(listing.isActive && !listing.isArchived)
            }
        }
    }

    @Test func `It is read in pages without a gap, and by kind`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let start = Date(timeIntervalSinceNow: -1000)
            let id = try await service.created(.sample(), at: start)
            for step in 1...7 {
                _ = try await service.see(.sample { $0.rentNetto = Decimal(900 + step) }, at: start.addingTimeInterval(Double(step)))
            }
            var seen: [ListingHistoryEntry] = []
            var cursor = ""
            repeat {
                let page: Page<ListingHistoryEntry> = try await service.get("/v1/listings/\(id)/history?limit=3&kind=price_changed\(cursor)").json()
                #expect(page.items.count <= 3)
                seen += page.items
                cursor = page.nextCursor.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(Self.prices(seen) == (901...907).reversed().map { [Decimal($0 - 1), Decimal($0)] })
            let relisted: Page<ListingHistoryEntry> = try await service.get("/v1/listings/\(id)/history?kind=relisted").json()
            #expect(relisted.items.isEmpty)
        }
    }

    @Test func `Of a listing that is not there, or that moderators removed, nothing is told`() async throws {
        try await TestService.with(CatalogService.self) { service in
            #expect(try await service.get("/v1/listings/\(UUID.v7())/history").status == 404)
            let id = try await service.created(.sample())
            try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                _ = try await ListingRemovalStore().set(id, isRemoved: true, version: 1, in: tx)
            }
            #expect(try await service.get("/v1/listings/\(id)/history").status == 404)
        }
    }

    @Test(arguments: ["kind=castle", "limit=0", "cursor=%21", "kind=relisted&kind=relisted"])
    func `A question that makes no sense is refused`(query: String) async throws {
        try await TestService.with(CatalogService.self) { service in
            let answer = try await service.get("/v1/listings/\(UUID.v7())/history?\(query)")
            #expect(answer.status == 422 && answer.problem == "invalid")
        }
    }

    @Test func `Nobody but the service writes it, and nobody rewrites it`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let id = try await service.created(.sample())
            let insert: SQL = """
                INSERT INTO listing_history (listing_id, kind, happened_at, gone_since) VALUES (\(id), 'relisted', now(), now())
                """
            for role in [PlatformRole.user, .moderator, .administrator] {
                await #expect(throws: PostgresError.self) {
                    try await service.platform.postgres.transaction(as: Caller.test(role: role)) { tx in try await tx.execute(insert) }
                }
            }
            let changed = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute(insert)
                return try await tx.execute("UPDATE listing_history SET gone_since = now()") + tx.execute("DELETE FROM listing_history")
            }
            #expect(changed == 0)
        }
    }
}
