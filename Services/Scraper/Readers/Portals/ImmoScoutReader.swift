import Contracts
import Foundation

/// ImmoScout24: the JSON that its mobile application reads, and the result object that its own pages carry.
struct ImmoScoutReader: ListingReader {
    let provider = "immoscout"

    func recognises(_ url: URL) -> Bool { url.isAt("immobilienscout24.de") }

    func readResults(_ page: FetchedPage) throws(PageProblem) -> ResultPage {
        let root = try page.json(of: "a result list")
        if case .array = root["resultListItems"].value { return mobileResults(root, page) }
        let list = root["resultList"]["resultListModel"]["searchResponseModel"]["resultlist.resultlist"]
        guard !list["resultlistEntries"].isNull else { throw PageProblem(.unreadable, "the answer is not the JSON of a result list") }
        return ImmoScoutWebResults(provider: provider, list: list).results(page)
    }

    func readListing(_ page: FetchedPage) throws(PageProblem) -> ListingPage {
        let root = try page.json(of: "an exposé")
        guard let draft = ImmoScoutExpose(root).draft(provider: provider, page: page, isAtHome: recognises(page.url)) else {
            throw PageProblem(.unreadable, "there is no exposé on the page")
        }
        return draft.page
    }

    private func mobileResults(_ root: JSONNode, _ page: FetchedPage) -> ResultPage {
        let items = root["resultListItems"].items.filter { $0["type"].text == "EXPOSE_RESULT" }.map { $0["item"] }
        let cards = items.compactMap { item -> ResultPage.Card? in
            guard let id = item["id"].text, let url = URL(string: "/expose/\(id)", relativeTo: page.url)?.absoluteURL else { return nil }
            return ResultPage.Card(url: url, page: card(item)?.page)
        }
        return ResultPage(cards: cards, next: next(after: root, page.url))
    }

    /// "Kölner Straße 223, 40227 Düsseldorf, Oberbilk", and up to three figures without labels: each says by its unit what it is.
    private func card(_ item: JSONNode) -> ListingDraft? {
        guard
            var draft = ListingDraft(
                provider: provider, id: item["id"].text, at: item["id"].place, title: item["title"].text, at: item["title"].place)
        else { return nil }
        let kind = item["realEstateType"]
        draft.set(.propertyType, ImmoScoutTerms.propertyType(kind.text), at: kind.place)
        draft.isForSale = kind.text?.hasSuffix("buy") ?? false
        let line = item["address"]["line"]
        var address = PostalAddress()
        if let text = line.text { address.read(line: text) }
        draft.set(address, at: line.place)
        draft.set(.latitude, item["address"]["lat"].double, at: item["address"]["lat"].place)
        draft.set(.longitude, item["address"]["lon"].double, at: item["address"]["lon"].place)
        for value in item["attributes"].items.map({ $0["value"] }) {
            draft.set(.livingArea, Quantity.squareMetres(value.text), at: value.place)
            if value.text?.contains("Zi") == true { draft.set(.rooms, Quantity.rooms(value.text), at: value.place) }
            // The list's one price is the rent without its extras.
            if !draft.isForSale, value.text?.contains("€") == true { draft.set(.rentNetto, Quantity.euros(value.text), at: value.place) }
        }
        draft.set(images: item["titlePicture"]["full"].items.compactMap(\.text), at: item["titlePicture"]["full"].place)
        draft.settle()
        return draft
    }

    private func next(after results: JSONNode, _ url: URL) -> URL? {
        guard let number = results["pageNumber"].integer, let count = results["numberOfPages"].integer, number < count else { return nil }
        return url.replacingQuery("pagenumber", with: number + 1)
    }
}
