import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

/// The whole way, from the sighting through the candidates and the decision to the home, on flats of our own.
@Suite struct HomeSampleTests {
    @Test func `Of flats on three portals, few are taken for others and most are found again`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let flats = OwnFlats.all()
            var sightings = flats.enumerated().map { (flat: $0.offset, listing: $0.element) }
            for (number, flat) in flats.enumerated() {
                for (portal, provider) in ["two", "three"].enumerated() {
                    var perturbation = HomePerturbation(seed: UInt64(number * 2 + portal))
                    sightings.append((number, perturbation.version(of: flat, provider: provider)))
                }
            }
            var random = SeededGenerator(seed: 3)
            sightings.shuffle(using: &random)
            var homes: [(flat: Int, home: UUID)] = []
            for sighting in sightings {
                homes.append((sighting.flat, try await service.created(sighting.listing)))
            }
            for index in homes.indices { homes[index].home = try await service.home(of: homes[index].home) }
            var score = HomeScore()
            for (index, one) in homes.enumerated() {
                for other in homes[(index + 1)...] { score.count(said: one.home == other.home, isSame: one.flat == other.flat) }
            }
            print("homes, our own sample: \(homes.count) listings of \(flats.count) flats, precision \(score.precision), recall \(score.recall)")
            #expect(score.precision >= 0.95 && score.recall >= 0.75, "precision \(score.precision), recall \(score.recall)")
            // A portal lists a flat once.
            #expect(
                try await service.count(
                    "SELECT count(*) FROM (SELECT 1 FROM listings WHERE is_active GROUP BY home_id, provider HAVING count(*) > 1) AS twice") == 0)
        }
    }
}
