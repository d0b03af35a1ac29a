import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

/// Precision and recall of the decision on pairs of real listings, and the weights that half of them would teach. `make eval-homes` prints them.
///
/// The labels (`home_labels.tsv`: set, row, other row, same or different) name rows of files that are not part of the project. Of `same` without another
/// row the other listing is that row as another portal would have it (`HomePerturbation`). `different` of the set `csv` is the row and its nearest
/// neighbour by area, rent and rooms in the same district, both on offer on one portal at once. `judged` are pairs with the same district, area, rent and
/// rooms that were told apart by their titles, by hand.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["HEARTH_EVALUATE"] == "homes" && RealListings() != nil,
        "make eval-homes runs it, where the real listings are"))
struct HomeEvaluationTests {
    private struct Pair {
        var set: String
        var isSame: Bool
        var one: HomeFacts
        var other: HomeFacts
    }

    @Test func `Precision and recall on labelled pairs of real listings`() async throws {
        let pairs = try pairs()
        let weights = try await TestService.with(CatalogService.self) { service in
            try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try HomeWeights(rows: try await tx.rows("SELECT feature, level, weight FROM home_weights"))
            }
        }
        // Weights are learnt from every second pair, and judged on the others.
        let (learnt, unseen) = (
            pairs.enumerated().filter { $0.offset % 2 == 0 }.map(\.element), pairs.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        )
        print("Homes: pairs that no weight was learnt from")
        print("| set | same | different | precision | recall |\n| --- | --- | --- | --- | --- |")
        for set in ["csv", "judged", "is24_2020", "is24_list"] {
            let chosen = unseen.filter { $0.set == set }
            let score = score(chosen, weights)
            print(
                "| \(set) | \(chosen.filter(\.isSame).count) | \(chosen.filter { !$0.isSame }.count) | \(Self.rounded(score.precision)) | \(Self.rounded(score.recall)) |"
            )
        }
        let all = score(unseen.filter { $0.set != "judged" }, weights)
        print("| all but judged | | | \(Self.rounded(all.precision)) | \(Self.rounded(all.recall)) |")
        print("Weights that the other half teaches:")
        teach(learnt.filter { $0.set != "judged" })
        #expect(all.precision >= 0.95 && all.recall >= 0.75)
    }

    private func score(_ pairs: [Pair], _ weights: HomeWeights) -> HomeScore {
        pairs.reduce(into: HomeScore()) { score, pair in
            score.count(said: weights.likeness(pair.one, pair.other) >= weights.threshold, isSame: pair.isSame)
        }
    }

    /// The logarithm of how much more often a finding is made between listings of one flat than between two.
    private func teach(_ pairs: [Pair]) {
        var counts: [HomeFinding: (same: Double, different: Double)] = [:]
        var totals: [HomeFeature: (same: Double, different: Double)] = [:]
        for pair in pairs {
            let comparison = HomeComparison(pair.one, pair.other)
            for finding in comparison.plain + comparison.close {
                counts[finding, default: (0, 0)].same += pair.isSame ? 1 : 0
                counts[finding, default: (0, 0)].different += pair.isSame ? 0 : 1
                totals[finding.feature, default: (0, 0)].same += pair.isSame ? 1 : 0
                totals[finding.feature, default: (0, 0)].different += pair.isSame ? 0 : 1
            }
        }
        for (finding, count) in counts.sorted(by: { ($0.key.feature.rawValue, $0.key.level) < ($1.key.feature.rawValue, $1.key.level) }) {
            let total = totals[finding.feature] ?? (1, 1)
            let weight = log2(((count.same + 0.5) / (total.same + 1)) / ((count.different + 0.5) / (total.different + 1)))
            print("  \(finding.feature) \(finding.level): \(Self.rounded(weight)) (\(Int(count.same)) same, \(Int(count.different)) different)")
        }
    }

    private func pairs() throws -> [Pair] {
        let sets = try #require(try RealListings()?.sets())
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("home_labels.tsv")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().enumerated().compactMap { number, line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 4, let set = sets[fields[0]], let row = Int(fields[1]), set.indices.contains(row) else { return nil }
            var other: ReadListing
            if let index = Int(fields[2]) {
                guard set.indices.contains(index) else { return nil }
                other = set[index]
                other.provider = "other"
            } else {
                var perturbation = HomePerturbation(seed: UInt64(number))
                other = perturbation.version(of: set[row], provider: "other")
            }
            return Pair(set: fields[0], isSame: fields[3] == "same", one: HomeFacts(set[row]), other: HomeFacts(other))
        }
    }

    private static func rounded(_ value: Double) -> String { String(format: "%.3f", value) }
}

extension HomeFacts {
    /// As the catalog would have them after this one sighting.
    init(_ listing: ReadListing) {
        let id = UUID.v7()
        self.init(
            id: id, homeID: id, provider: listing.provider, isActive: true, firstSeenAt: Date(), lastSeenAt: Date(), title: listing.title,
            description: listing.description, propertyType: listing.propertyType, street: listing.street, houseNumber: listing.houseNumber,
            postalCode: listing.postalCode, city: listing.city, district: listing.district, latitude: listing.latitude,
            longitude: listing.longitude, rentNetto: listing.rentNetto?.double, rentBrutto: listing.rentBrutto?.double,
            deposit: listing.deposit?.double, rooms: listing.rooms?.double, livingArea: listing.livingArea?.double, floor: listing.floor,
            imageHashes: (listing.imageHashes ?? []).compactMap { UInt64($0, radix: 16) })
    }
}
