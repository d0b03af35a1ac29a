import Contracts
import Foundation

/// The state that Immowelt's server hands to the scripts of an exposé: `JSON.parse("…")` with the offer inside.
struct ImmoweltState {
    private let offer: JSONNode

    init?(_ document: HTMLDocument) {
        guard let script = document.first("script#__UFRN_LIFECYCLE_SERVERREQUEST__") else { return nil }
        let source = script.source
        guard let call = source.range(of: "JSON.parse("), let end = source.lastIndex(of: ")"), call.upperBound < end,
            // A literal of JavaScript's is one of JSON's as well, as the server writes it.
            let literal = JSONNode(source[call.upperBound..<end].utf8), case .string(let state) = literal.value,
            let root = JSONNode(state.utf8, root: script.path() + " $")
        else { return nil }
        offer = root["app_cldp"]["data"]["classified"]
    }

    func draft(provider: String, page: FetchedPage) -> ListingDraft? {
        let id = offer["metadata"]["legacyId"].text == nil ? offer["id"] : offer["metadata"]["legacyId"]
        let sections = offer["sections"]
        let titles = [sections["mainDescription"]["headline"], sections["description"]["headline"], sections["hardFacts"]["title"]]
        let title = titles.first { $0.text != nil } ?? titles[0]
        guard var draft = ListingDraft(provider: provider, id: id.text, at: id.place, title: title.text, at: title.place) else { return nil }
        let canonical = offer["seo"]["headInfo"]["canonical"]
        draft.set(.providerURL, canonical.text, at: canonical.place)
        draft.set(.providerURL, page.url.absoluteString, at: page.place)
        draft.set(.providerCreatedAt, offer["metadata"]["creationDate"].date, at: offer["metadata"]["creationDate"].place)
        draft.set(.providerUpdatedAt, offer["metadata"]["updateDate"].date, at: offer["metadata"]["updateDate"].place)
        let description = sections["mainDescription"]["description"]
        draft.set(.description, description.text.map(ImmoweltTerms.plain), at: description.place)
        ImmoweltTerms.readKind(offer["rawData"], into: &draft)
        readPlace(sections["location"], into: &draft)
        let facts = sections["hardFacts"]["facts"].items + sections["energy"]["features"].items
        for fact in facts { ImmoweltTerms.read(fact: fact, into: &draft, today: page.fetchedAt) }
        readMedia(into: &draft)
        if !draft.isForSale { readPrices(sections["price"]["base"], into: &draft, today: page.fetchedAt) }
        ImmoweltTerms.readProvider(offer["contactSections"]["provider"], into: &draft)
        draft.settle()
        return draft
    }

    private func readPlace(_ location: JSONNode, into draft: inout ListingDraft) {
        let stated = offer["tracking"]["av_city"]
        ImmoweltTerms.read(
            address: location["address"], city: stated.text == nil ? location["address"]["city"] : stated, into: &draft)
        // GeoJSON: the longitude first.
        let point = location["geometry"]["coordinates"]
        draft.set(.longitude, point[0].double, at: point[0].place)
        draft.set(.latitude, point[1].double, at: point[1].place)
    }

    private func readMedia(into draft: inout ListingDraft) {
        let medias = offer["domains"]["medias"]
        let images = medias["images"].items.map { $0["url"] }
        if let place = images.first?.place { draft.set(images: images.compactMap(\.text), at: place) }
        let plan = medias["floorplans"][0]["url"]
        draft.set(.floorPlanURL, plan.text, at: plan.place)
        let tour = medias["virtualTours"][0]["url"]
        draft.set(.virtualTourURL, tour.text, at: tour.place)
    }

    /// The main price and its details, each with a label.
    private func readPrices(_ base: JSONNode, into draft: inout ListingDraft, today: Date) {
        for price in [base["main"]] + base["details"].items {
            let value = price["value"]["main"]["value"]
            HomeFacts.read(price["label"]["main"].text ?? "", value.text, into: &draft, today: today, at: value.place)
        }
    }
}
