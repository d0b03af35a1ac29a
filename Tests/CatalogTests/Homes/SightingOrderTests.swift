import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

/// Sightings come late, twice, in any order and several at once.
@Suite struct SightingOrderTests {
    @Test(arguments: 1...4)
    func `In whatever order sightings come, the newest decides, and the history never goes back in time`(seed: UInt64) async throws {
        try await TestService.with(CatalogService.self) { service in
            var random = SeededGenerator(seed: seed)
            let start = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 - 10_000).rounded())
            let sightings = (0..<30).map { step in
                (time: start.addingTimeInterval(Double(step * 10)), rent: Decimal(Int.random(in: 800...810, using: &random)))
            }
            var deliveries = (sightings + sightings.filter { _ in Bool.random(using: &random) }).shuffled(using: &random)
            // Two lanes at once, as two copies of the service.
            let half = deliveries.count / 2
            let lanes = [Array(deliveries[..<half]), Array(deliveries[half...])]
            deliveries = []
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in lanes {
                    group.addTask {
                        for sighting in lane { _ = try await service.see(.sample { $0.rentNetto = sighting.rent }, at: sighting.time) }
                    }
                }
                try await group.waitForAll()
            }
            let page: Page<Listing> = try await service.get("/v1/listings").json()
            let listing = try #require(page.items.first)
            #expect(page.items.count == 1)
            #expect(listing.rentNetto == sightings.last?.rent)
            #expect(abs(listing.lastSeenAt.timeIntervalSince(sightings[29].time)) < 0.001)
            #expect(abs(listing.firstSeenAt.timeIntervalSince(start)) < 0.001)
            let entries = (try await service.get("/v1/listings/\(listing.id)/history?limit=100").json() as Page<ListingHistoryEntry>).items
            #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.happenedAt >= $1.happenedAt })
            // Every change begins where the one before it ended.
            #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.priceBefore == $1.priceAfter })
            #expect(entries.first.map { $0.priceAfter?.rentNetto == listing.rentNetto } ?? true)
            #expect(listing.version == Int64(entries.count) + 1)
        }
    }
}

/// A generator that gives the same numbers for the same seed (SplitMix64), so that a failure can be had again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
