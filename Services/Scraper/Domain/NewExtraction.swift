import Contracts
import Foundation
import Postgres

/// What a reader made of a page. The fields of whom to turn to are not in it: they go to the catalogue alone, sealed. A description stands
/// as the page has it, whatever it names.
struct NewExtraction: Sendable {
    /// As it is stored.
    struct Content: Codable, Sendable {
        struct Card: Codable, Sendable {
            var url: String
            var listing: [String: JSONValue]?
        }

        var listing: [String: JSONValue]?
        var sources: [FieldSource]?
        var cards: [Card]?
        var next: String?
        var problem: String?
    }

    static let mostCards = 200

    var type: ContentExtraction.Kind
    var provider: String
    var providerListingID: String?
    var content: Content
    var fields: [String]
    var confidence: Decimal?
    var fetchedAt: Date

    /// A listing's page that was read.
    init(_ page: ListingPage, provider: String, fetchedAt: Date) {
        type = .listing
        self.provider = provider
        providerListingID = page.listing.providerListingID
        content = Content(listing: Self.facts(page.listing), sources: page.sources)
        fields = page.sources.map(\.field)
        confidence = Self.confidence(page.sources)
        self.fetchedAt = fetchedAt
    }

    /// A listing's page that the reader could make nothing of.
    init(unreadable detail: String, provider: String, fetchedAt: Date) {
        type = .listing
        self.provider = provider
        content = Content(problem: detail)
        fields = []
        self.fetchedAt = fetchedAt
    }

    /// A result page.
    init(_ results: ResultPage, provider: String, fetchedAt: Date) {
        type = .resultPage
        self.provider = provider
        let cards = results.cards.prefix(Self.mostCards).map { card in
            var facts = card.page.map { Self.facts($0.listing) }
            facts?["description"] = nil
            return Content.Card(url: card.url.absoluteString, listing: facts)
        }
        content = Content(cards: cards, next: results.next?.absoluteString)
        fields = Set(results.cards.flatMap { $0.page?.sources.map(\.field) ?? [] }).sorted()
        confidence = results.cards.isEmpty ? nil : 1
        self.fetchedAt = fetchedAt
    }

    private static let personal: Set<String> = ["contact_name", "contact_phone_sealed", "contact_email_sealed"]

    private static func facts(_ listing: ReadListing) -> [String: JSONValue] {
        guard let data = try? JSONEncoder.hearth.encode(listing), let facts = try? JSONDecoder().decode([String: JSONValue].self, from: data) else {
            return [:]
        }
        return facts.filter { $0.value != .null && !personal.contains($0.key) }
    }

    /// Data made for machines is surer than markup made for eyes.
    private static func confidence(_ sources: [FieldSource]) -> Decimal? {
        guard !sources.isEmpty else { return nil }
        let hundredths = sources.map { source in
            switch source.method {
            case .json, .jsonLD: 100
            case .microdata, .address: 95
            case .markup: 90
            }
        }
        return Decimal(hundredths.reduce(0, +) / hundredths.count) / 100
    }
}
