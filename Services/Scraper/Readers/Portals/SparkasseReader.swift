import Contracts
import Foundation

/// Sparkassen-Immobilien: pages that carry everything they show as JSON in `__NEXT_DATA__`.
struct SparkasseReader: ListingReader {
    let provider = "sparkasse"

    var pictureDomains: [String] { ["cdnihddipa.cloudimg.io"] }
    func recognises(_ url: URL) -> Bool { url.isAt("immobilien.sparkasse.de") }

    func readResults(_ page: FetchedPage) throws(PageProblem) -> ResultPage {
        let properties = try state(page)
        let estates = properties["firstPageEstates"]
        guard case .array = estates.value else { throw PageProblem(.unreadable, "there is no list of offers on the page") }
        let cards = estates.items.compactMap { estate -> ResultPage.Card? in
            guard let id = estate["id"].text, let url = URL(string: "/expose/\(id).html", relativeTo: page.url)?.absoluteURL else { return nil }
            return ResultPage.Card(url: url, page: card(estate, today: page.fetchedAt)?.page)
        }
        var next: URL?
        if let number = properties["page"].integer, let count = properties["pageCount"].integer, number < count {
            next = page.url.replacingQuery("page", with: number + 1)
        }
        return ResultPage(cards: cards, next: next)
    }

    private func card(_ estate: JSONNode, today: Date) -> ListingDraft? {
        guard var draft = begin(estate) else { return nil }
        let subtitle = estate["subtitle"]
        var address = PostalAddress()
        if let text = subtitle.text { address.readCity(text) }
        draft.set(address, at: subtitle.place)
        for fact in estate["mainFacts"].items + estate["priceData"].items {
            HomeFacts.read(fact["label"].text ?? "", fact["value"].text, into: &draft, today: today, at: fact["value"].place)
        }
        draft.set(images: estate["images"].items.compactMap(\.text), at: estate["images"].place)
        draft.settle()
        return draft
    }

    func readListing(_ page: FetchedPage) throws(PageProblem) -> ListingPage {
        let estate = try state(page)["estate"]
        guard var draft = begin(estate) else { throw PageProblem(.unreadable, "there is no offer on the page") }
        draft.set(.providerURL, page.url.absoluteString, at: page.place)
        let contents = estate["frontendItems"].items.flatMap { $0["contents"].items }
        for fact in contents.flatMap({ $0["data"].items }) {
            if fact["name"].text == "estateDescription" {
                draft.set(.description, fact["content"].text.map(ImmoweltTerms.plain), at: fact["content"].place)
            }
            HomeFacts.read(fact["label"].text ?? "", fact["value"].text, into: &draft, today: page.fetchedAt, at: fact["value"].place)
        }
        for fact in estate["mainFacts"].items {
            HomeFacts.read(fact["label"].text ?? "", fact["value"].text, into: &draft, today: page.fetchedAt, at: fact["value"].place)
        }
        readAddress(estate["address"], into: &draft)
        let images = estate["images"].items.filter { $0["type"].text == "image" }.compactMap { image in
            image["resources"].items.first { $0["size"].text == "original" } ?? image["resources"].items.first
        }
        if let place = images.first?.place { draft.set(images: images.compactMap { $0["url"].text }, at: place) }
        readContact(estate, into: &draft)
        draft.settle()
        return draft.page
    }

    private func begin(_ estate: JSONNode) -> ListingDraft? {
        guard
            var draft = ListingDraft(
                provider: provider, id: estate["id"].text, at: estate["id"].place, title: estate["title"].text, at: estate["title"].place)
        else { return nil }
        draft.isForSale = estate["marketingType"].text == "buy"
        draft.set(.propertyType, HomeTerms.propertyType(estate["objectType"].text), at: estate["objectType"].place)
        draft.set(.latitude, estate["lat"].double, at: estate["lat"].place)
        draft.set(.longitude, estate["lng"].double, at: estate["lng"].place)
        return draft
    }

    private func readAddress(_ address: JSONNode, into draft: inout ListingDraft) {
        draft.set(.street, address["street"].text, at: address["street"].place)
        draft.set(.houseNumber, address["streetNumber"].text, at: address["streetNumber"].place)
        draft.set(.postalCode, address["zip"].text, at: address["zip"].place)
        var place = PostalAddress()
        if let text = address["city"].text { place.readCity(text) }
        draft.set(place, at: address["city"].place)
    }

    /// The broker, or the firm that offers it; the firm's telephone stands in its imprint.
    private func readContact(_ estate: JSONNode, into draft: inout ListingDraft) {
        let broker = estate["broker"]["lastName"]
        draft.set(.contactName, broker.text, at: broker.place)
        let company = estate["provider"]["company"]
        draft.set(.contactName, company.text, at: company.place)
        for imprint in [estate["imprint"]["structured"]] {
            draft.set(phone: imprint["telefon"].text, at: imprint["telefon"].place)
            let email = imprint["e-mail"].text == nil ? imprint["email"] : imprint["e-mail"]
            draft.set(email: email.text, at: email.place)
        }
    }

    private func state(_ page: FetchedPage) throws(PageProblem) -> JSONNode {
        let document = try page.document()
        guard let script = document.first("script#__NEXT_DATA__"), let root = JSONNode(script.source.utf8, root: "#__NEXT_DATA__ $") else {
            throw PageProblem(.unreadable, "the page does not carry its data")
        }
        return root["props"]["pageProps"]
    }
}
