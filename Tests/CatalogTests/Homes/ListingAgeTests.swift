import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite struct ListingAgeTests {
    private static let day = 86_400.0

    @Test func `As the clock goes on, what nobody sees becomes inactive, then archived; what is seen stays`() async throws {
        try await TestService.with(CatalogService.self) { service in
            try await service.listening(to: ListingStatusChanged.self) { heard in
                let start = Date(timeIntervalSinceNow: -200 * Self.day)
                let gone = try await service.created(.sample("gone"), at: start)
                let seen = try await service.created(.sample("seen"), at: start)
                func statuses() async throws -> [String] {
                    try await [gone, seen].asyncMap { id in
                        let listing: Listing = try await service.get("/v1/listings/\(id)").json()
                        return ListingStatus(isActive: listing.isActive, isArchived: listing.isArchived).rawValue
                    }
                }
                for (day, expected) in [(13.0, "active"), (15, "inactive"), (89, "inactive"), (91, "archived"), (120, "archived")] {
                    let now = start.addingTimeInterval(day * Self.day)
                    _ = try await service.see(.sample("seen"), at: now.addingTimeInterval(-60))
                    _ = try await service.ageing(at: now).age()
                    try await eventually { try await statuses() == [expected, "active"] }
                }
                try await eventually { heard.events.count == 2 }
                #expect(heard.events.map(\.after) == ["inactive", "archived"])
                #expect(heard.events.allSatisfy { $0.listingID == gone && $0.reason == "unseen" })
                #expect(heard.events.map(\.version) == [2, 3])
                // Once is enough: nothing is left to do.
                let again = try await service.ageing(at: start.addingTimeInterval(130 * Self.day)).age()
                #expect(again == (0, 0))
            }
        }
    }

    @Test func `What is gone matches nothing any more, and does again when it is back`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let seeker = Caller.test()
            let search = try await service.save(["name": "Berlin", "preferred_cities": ["Berlin"], "search_frequency": "immediate"], as: seeker)
            _ = try await service.created(.sample(), at: Date(timeIntervalSinceNow: -20 * Self.day))
            func matches() async throws -> Int {
                (try await service.get("/v1/search-criteria/\(search.id)/matches", as: seeker).json() as Page<ListingMatch>).items.count
            }
            #expect(try await matches() == 1)
            _ = try await service.ageing(at: Date()).age()
            #expect(try await matches() == 0)
            _ = try await service.see(.sample())
            #expect(try await matches() == 1)
        }
    }

    @Test func `Several copies at once age each listing once`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let count = ListingAgeStore.batch * 4 + 3
            _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute(
                    """
                    INSERT INTO listings (provider, provider_listing_id, title, last_seen_at)
                    SELECT 'test', n::text, 'Alt', now() - interval '30 days' FROM generate_series(1, \(count)) AS n
                    """)
            }
            let retired = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await service.ageing(at: Date()).age().retired } }
                return try await group.reduce(0, +)
            }
            // A copy that finds all that is left in another's hands ends; who holds them goes on.
            let rest = try await service.ageing(at: Date()).age().retired
            #expect(retired + rest == count)
            #expect(try await service.count("SELECT count(*) FROM listing_history WHERE kind = 'status_changed'") == count)
            #expect(try await service.count("SELECT count(*) FROM listings WHERE version = 2 AND NOT is_active") == count)
        }
    }

    @Test func `A listing that somebody holds is passed over, not waited for`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let held = try await service.created(.sample("held"), at: Date(timeIntervalSinceNow: -30 * Self.day))
            _ = try await service.created(.sample("free"), at: Date(timeIntervalSinceNow: -30 * Self.day))
            let retired = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("SELECT 1 FROM listings WHERE id = \(held) FOR UPDATE")
                return try await service.ageing(at: Date()).age().retired
            }
            #expect(retired == 1)
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
