import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite struct HomeTests {
    /// The sample flat as another portal states it.
    private static func elsewhere(
        _ provider: String = "immowelt", _ id: String = "e1", _ change: (inout ReadListing) -> Void = { _ in }
    ) -> ReadListing {
        .sample(id) {
            $0.provider = provider
            $0.title = "Schöne helle Whg. am Park"
            $0.livingArea = 60.4
            $0.street = "Park Weg"
            $0.district = nil
            change(&$0)
        }
    }

    @Test func `The same flat on two portals is one home, and whoever wants it is told once`() async throws {
        try await TestService.with(CatalogService.self) { service in
            try await service.listening(to: HomeChanged.self) { heard in
                let seeker = Caller.test()
                _ = try await service.save(["search_frequency": "immediate", "name": "Berlin", "preferred_cities": ["Berlin"]], as: seeker)
                _ = try await service.save(["search_frequency": "immediate", "name": "Two rooms", "min_rooms": 2, "max_rooms": 2], as: seeker)
                let first = try await service.created(.sample())
                let told = try await service.count("SELECT count(*) FROM listing_matches WHERE matched_at IS NOT NULL")
                let second = try await service.created(Self.elsewhere())
                #expect(try await service.home(of: second) == first)
                #expect(told == 2)
                #expect(try await service.count("SELECT count(*) FROM listing_matches WHERE matched_at IS NOT NULL") == told)
                // Both are shown with their scores.
                #expect(try await service.count("SELECT count(*) FROM listing_matches") == 4)
                let home: Home = try await service.get("/v1/homes/\(first)").json()
                #expect(home.id == first && Set(home.listings.map(\.id)) == [first, second])
                try await eventually { heard.events.count == 1 }
                #expect(heard.events[0].homeID == first && heard.events[0].listingIDs == [second] && heard.events[0].before == [second])
                #expect(heard.events[0].change == "joined" && heard.events[0].reason == "likeness" && (heard.events[0].likeness ?? 0) > 0)
            }
        }
    }

    @Test func `Another seeker is told of the second listing when the first did not fit them`() async throws {
        try await TestService.with(CatalogService.self) { service in
            _ = try await service.save(
                ["search_frequency": "immediate", "name": "Cheap", "preferred_cities": ["Berlin"], "max_rent_netto": 890, "min_quality_score": 1],
                as: .test())
            _ = try await service.created(.sample())
            _ = try await service.created(
                Self.elsewhere {
                    $0.rentNetto = 890
                    $0.availableFrom = "2027-01-01"
                })
            #expect(try await service.count("SELECT count(DISTINCT home_id) FROM listings") == 1)
            #expect(try await service.count("SELECT count(*) FROM listing_matches WHERE matched_at IS NOT NULL") == 1)
        }
    }

    struct Different: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout ReadListing) -> Void
    }

    static let different = [
        Different(testDescription: "the next house") {
            $0.houseNumber = "9"
        },
        Different(testDescription: "another storey") {
            $0.floor = "4. OG"
            $0.rentNetto = 930
        },
        Different(testDescription: "a larger flat") {
            $0.livingArea = 72
            $0.rentNetto = 1080
        },
        Different(testDescription: "a room more") { $0.rooms = 3 },
        Different(testDescription: "another street") { $0.street = "Seeweg" },
        Different(testDescription: "another city") {
            $0.city = "Bonn"
            $0.postalCode = "53111"
            $0.district = nil
        },
        Different(testDescription: "the same portal at the same time") { $0.provider = "wg_gesucht" },
    ]

    @Test(arguments: different)
    func `Two flats stay two homes`(test: Different) async throws {
        try await TestService.with(CatalogService.self) { service in
            let base = ReadListing.sample {
                $0.houseNumber = "7"
                $0.floor = "1. OG"
            }
            let first = try await service.created(base)
            let second = try await service.created(
                Self.elsewhere {
                    $0.houseNumber = "7"
                    $0.floor = "1. OG"
                    test.change(&$0)
                })
            #expect(try await service.home(of: second) == second)
            #expect(try await service.home(of: first) == first)
        }
    }

    @Test func `A listing whose page states no city stays alone`() async throws {
        try await TestService.with(CatalogService.self) { service in
            _ = try await service.created(.sample())
            let second = try await service.created(Self.elsewhere { $0.city = nil })
            #expect(try await service.home(of: second) == second)
        }
    }

    @Test func `What a later sighting tells of the flat brings it home`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let first = try await service.created(.sample { $0.houseNumber = "7" })
            let bare = ReadListing.sample("e1") {
                $0.provider = "immowelt"
                ($0.title, $0.street, $0.postalCode, $0.district, $0.livingArea) = ("Wohnung", nil, nil, nil, nil)
                ($0.rentNetto, $0.rooms, $0.description, $0.contactName) = (nil, nil, nil, nil)
            }
            let second = try await service.created(bare)
            #expect(try await service.home(of: second) == second)
            _ = try await service.see(Self.elsewhere { $0.houseNumber = "7" })
            #expect(try await service.home(of: second) == first)
        }
    }

    @Test(arguments: 1...3)
    func `However many sightings of one flat come at once, they end in one home`(round: Int) async throws {
        try await TestService.with(CatalogService.self) { service in
            _ = try await service.save(["search_frequency": "immediate", "name": "Berlin", "preferred_cities": ["Berlin"]], as: .test())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        _ = try await service.see(
                            Self.elsewhere("portal_\(number)", "\(round)") {
                                $0.livingArea = 60 + Decimal(number % 3) / 10
                                $0.houseNumber = "7"
                                if number % 4 == 0 { $0.livingArea = nil }
                            })
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await service.count("SELECT count(*) FROM listings") == 12)
            #expect(try await service.count("SELECT count(DISTINCT home_id) FROM listings") == 1)
            #expect(try await service.count("SELECT count(*) FROM listing_matches WHERE matched_at IS NOT NULL") == 1)
        }
    }

    @Test func `A home that comes back under another id is relisted, with the listing that was gone`() async throws {
        try await TestService.with(CatalogService.self) { service in
            try await service.listening(to: ListingRelisted.self) { heard in
                let gone = Date(timeIntervalSinceNow: -30 * 86_400)
                let first = try await service.created(.sample { $0.houseNumber = "7" }, at: gone)
                _ = try await service.ageing(at: Date()).age()
                let second = try await service.created(.sample("2") { $0.houseNumber = "7" })
                #expect(try await service.home(of: second) == first)
                let entries = (try await service.get("/v1/homes/\(first)/history?kind=relisted").json() as Page<ListingHistoryEntry>).items
                let entry = try #require(entries.first)
                #expect(entries.count == 1 && entry.listingID == second && entry.previousListingID == first)
                #expect(abs(try #require(entry.goneSince).timeIntervalSince(gone)) < 0.01)
                try await eventually { heard.events.count == 1 }
                #expect(heard.events[0].previousListingID == first)
            }
        }
    }

    @Test func `Pictures that look alike tell more than words`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let pictures = ["f0e1d2c3b4a59687", "0f1e2d3c4b5a6978", "a5a5c3c3f0f09696"]
            let first = try await service.created(
                .sample {
                    $0.street = nil
                    $0.imageHashes = pictures
                })
            let other = Self.elsewhere {
                ($0.street, $0.postalCode, $0.title, $0.description) = (nil, nil, "Kapitalanleger aufgepasst", "Provisionsfrei.")
                ($0.rentNetto, $0.rentBrutto) = (nil, 1180)
            }
            let apart = try await service.created(other)
            #expect(try await service.home(of: apart) == apart)
            // The same pictures, compressed anew: some bits differ.
            _ = try await service.see(
                Self.elsewhere {
                    $0 = other
                    $0.imageHashes = ["f0e1d2c3b4a59686", "0f1e2d3c4b5a697b"]
                })
            #expect(try await service.home(of: apart) == first)
        }
    }
}

extension TestService {
    func home(of listing: UUID) async throws -> UUID {
        try await platform.postgres.transaction(as: ServiceCaller()) { tx in
            try #require(try await tx.value("SELECT home_id FROM listings WHERE id = \(listing)"))
        }
    }
}
