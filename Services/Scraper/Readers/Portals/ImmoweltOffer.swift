import Contracts
import Foundation

/// One offer of Immowelt's list.
struct ImmoweltOffer {
    private let node: JSONNode

    init(_ node: JSONNode) { self.node = node }

    func draft(provider: String, today: Date) -> ListingDraft? {
        let id = node["metadata"]["legacyId"].text == nil ? node["id"] : node["metadata"]["legacyId"]
        let headline = node["mainDescription"]["headline"]
        let title = headline.text == nil ? node["hardFacts"]["title"] : headline
        guard var draft = ListingDraft(provider: provider, id: id.text, at: id.place, title: title.text, at: title.place) else { return nil }
        draft.set(.providerURL, node["url"].text, at: node["url"].place)
        draft.set(.providerCreatedAt, node["metadata"]["creationDate"].date, at: node["metadata"]["creationDate"].place)
        draft.set(.providerUpdatedAt, node["metadata"]["updateDate"].date, at: node["metadata"]["updateDate"].place)
        let description = node["mainDescription"]["description"]
        draft.set(.description, description.text.map(ImmoweltTerms.plain), at: description.place)
        ImmoweltTerms.readKind(node["rawData"], into: &draft)
        readAddress(into: &draft)
        for fact in node["hardFacts"]["facts"].items { ImmoweltTerms.read(fact: fact, into: &draft, today: today) }
        // What the portal reckons is not what the advertiser states.
        for price in node["hardFacts"]["prices"].items where price["isEstimated"].bool != true && !draft.isForSale {
            HomeFacts.read(price["label"].text ?? "", price["value"].text, into: &draft, today: today, at: price["value"].place)
        }
        let images = node["gallery"]["images"].items.map { $0["url"] }
        if let place = images.first?.place { draft.set(images: images.compactMap(\.text), at: place) }
        ImmoweltTerms.readProvider(node["provider"], into: &draft)
        draft.settle(currency: node["tracking"]["currency"].text ?? "EUR")
        return draft
    }

    /// The list gives a part of a large city as its city; the city itself stands beside the figures for statistics.
    private func readAddress(into draft: inout ListingDraft) {
        let address = node["location"]["address"]
        let city = node["tracking"]["city"].text == nil ? address["city"] : node["tracking"]["city"]
        ImmoweltTerms.read(address: address, city: city, into: &draft)
    }
}
