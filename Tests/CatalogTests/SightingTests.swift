import Contracts
import Testing

@testable import Catalog

@Suite("A later sighting")
struct SightingTests {
    @Test("changes what the page states differently, and names the columns")
    func changes() {
        let sighting = Sighting(
            of: .sample {
                $0.rentNetto = 950
                $0.title = "Helle Wohnung"
            }, on: .sample())
        #expect(sighting.changedFields == ["title", "rent_netto"])
        #expect(sighting.facts.rentNetto == 950)
    }

    @Test("keeps what the page no longer states")
    func keeps() {
        let sighting = Sighting(
            of: .sample {
                $0.rentNetto = nil
                $0.images = []
                $0.city = nil
            }, on: .sample())
        #expect(sighting.changedFields.isEmpty)
        #expect(sighting.facts == .sample())
    }

    @Test("is nothing new when it is the same")
    func same() { #expect(Sighting(of: .sample(), on: .sample()).changedFields.isEmpty) }

    @Test("without a city cannot be matched, and says why")
    func noCity() {
        #expect(ReadListing.sample { $0.city = nil }.processingErrors == ["the page states no city"])
        #expect(ReadListing.sample().processingErrors.isEmpty)
    }
}
