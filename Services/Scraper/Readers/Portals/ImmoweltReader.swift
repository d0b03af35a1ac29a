import Contracts
import Foundation

/// Immowelt: a list of offers as JSON, and exposés as pages that carry their state, or at least a heading and texts.
struct ImmoweltReader: ListingReader {
    let provider = "immowelt"

    func recognises(_ url: URL) -> Bool { url.isAt("immowelt.de") }

    func readResults(_ page: FetchedPage) throws(PageProblem) -> ResultPage {
        let root = try page.json(of: "a list of offers")
        let offers = root["classifieds"].isNull ? root : root["classifieds"]
        guard case .array = offers.value else { throw PageProblem(.unreadable, "the answer is not the JSON of a list of offers") }
        let cards = offers.items.compactMap { offer -> ResultPage.Card? in
            // The stated address names the site; the page may have come through another one.
            guard let stated = offer["url"].text.flatMap({ URL(string: $0) }),
                let url = URL(string: stated.path(percentEncoded: true), relativeTo: page.url)?.absoluteURL
            else { return nil }
            return ResultPage.Card(url: url, page: ImmoweltOffer(offer).draft(provider: provider, today: page.fetchedAt)?.page)
        }
        return ResultPage(cards: cards, next: cards.isEmpty ? nil : next(page.url))
    }

    /// The list does not say how many pages there are: where the address counts them, the next is asked for until one is empty.
    private func next(_ url: URL) -> URL? {
        let query = URLComponents(url: url, resolvingAgainstBaseURL: true)?.queryItems ?? []
        guard let number = query.first(where: { $0.name == "page" })?.value.flatMap(Int.init), (1..<10_000).contains(number) else { return nil }
        return url.replacingQuery("page", with: number + 1)
    }

    func readListing(_ page: FetchedPage) throws(PageProblem) -> ListingPage {
        let document = try page.document()
        let draft = ImmoweltState(document)?.draft(provider: provider, page: page) ?? ImmoweltMarkup(document).draft(provider: provider, page: page)
        guard let draft else { throw PageProblem(.unreadable, "there is no offer on the page") }
        return draft.page
    }
}
