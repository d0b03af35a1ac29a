import Contracts
import Foundation
import Outbound

/// Any page that describes a home, or a list of them, with schema.org's words, as JSON-LD or microdata.
struct SchemaOrgReader: ListingReader {
    let provider = "schema_org"

    /// It is nobody's own: a job names it.
    func recognises(_ url: URL) -> Bool { false }

    /// Every site speaks for itself: its listings' ids begin with its name.
    func believes(_ url: URL) -> Bool { true }

    func readResults(_ page: FetchedPage) throws(PageProblem) -> ResultPage {
        let document = try page.document()
        let items = SchemaOrgItems(document)
        guard let list = items.first(of: ["ItemList", "SearchResultsPage", "OfferCatalog"]) else {
            throw PageProblem(.unreadable, "the page does not say in schema.org's words what it lists")
        }
        let cards = list["itemListElement"].items.compactMap { element -> ResultPage.Card? in
            let item = element["item"].isNull ? element : element["item"]
            let link = item.text ?? item["url"].text ?? element["url"].text ?? item["@id"].text
            guard let url = link.flatMap({ URL(string: $0, relativeTo: page.url)?.absoluteURL }) else { return nil }
            let draft = SchemaOrgTerms.homes.isDisjoint(with: SchemaOrgItems.types(item)) ? nil : draft(item, items, url: url, page: page)
            return ResultPage.Card(url: url, page: draft?.page)
        }
        let next = (document.first("link[rel=next]") ?? document.first("a[rel=next]"))?["href"]
        return ResultPage(cards: cards, next: next.flatMap { URL(string: $0, relativeTo: page.url)?.absoluteURL })
    }

    func readListing(_ page: FetchedPage) throws(PageProblem) -> ListingPage {
        let document = try page.document()
        let items = SchemaOrgItems(document)
        let canonical = document.first("link[rel=canonical]")?["href"].flatMap { URL(string: $0, relativeTo: page.url)?.absoluteURL }
        let own = canonical.flatMap { HostPort($0)?.host == HostPort(page.url)?.host ? $0 : nil }
        guard let home = items.home, let draft = draft(home, items, url: own ?? page.url, page: page) else {
            throw PageProblem(.unreadable, "the page does not describe a home in schema.org's words")
        }
        return draft.page
    }

    private func draft(_ found: JSONNode, _ items: SchemaOrgItems, url: URL, page: FetchedPage) -> ListingDraft? {
        // A listing or an offer speaks about the home; both say something of it.
        let inner = ["mainEntity", "about", "itemOffered"].lazy.map { found[$0] }.first { !$0.isNull }
        let home = inner.flatMap { node in node["@id"].text.flatMap { items.item(id: $0) } ?? node } ?? found
        // An address is an id where the page gives none: there is one page for one home.
        let stated = [home["identifier"], found["identifier"], home["identifier"]["value"]].first { $0.text != nil }
        let title = [found["name"], home["name"], found["headline"]].first { $0.text != nil } ?? found["name"]
        guard let host = HostPort(page.url)?.host,
            var draft = ListingDraft(
                provider: provider, id: stated?.text.map { "\(host):\($0)" } ?? url.absoluteString, at: stated?.place ?? page.place,
                title: title.text, at: title.place)
        else { return nil }
        draft.set(.providerURL, url.absoluteString, at: page.place)
        SchemaOrgHome(home).read(into: &draft)
        SchemaOrgHome(found).read(into: &draft)
        for offer in offers(found, home, items) { read(offer, into: &draft, today: page.fetchedAt) }
        return draft
    }

    /// The home's own offers, and those elsewhere on the page that name it.
    private func offers(_ found: JSONNode, _ home: JSONNode, _ items: SchemaOrgItems) -> [JSONNode] {
        let own = [home["offers"], found["offers"]].flatMap(\.items) + (SchemaOrgItems.types(found).contains("Offer") ? [found] : [])
        guard own.isEmpty, let id = home["@id"].text else { return own }
        return items.all.filter { SchemaOrgItems.types($0).contains("Offer") && $0["itemOffered"]["@id"].text == id }
    }

    private func read(_ offer: JSONNode, into draft: inout ListingDraft, today: Date) {
        let specifications = offer["priceSpecification"].items
        var isLease = SchemaOrgTerms.isLease(offer)
        for part in specifications + specifications.flatMap({ $0["priceComponent"].items }) {
            guard let name = part["name"].text, let price = part["price"].number else { continue }
            // A part that has a name of its own says what it is.
            HomeFacts.read(name, "\(price)".replacing(".", with: ",") + " €", into: &draft, today: today, at: part["price"].place)
            isLease = isLease || draft.listing.rentNetto != nil || draft.listing.rentBrutto != nil
        }
        let price = offer["price"].isNull ? (specifications.first ?? offer)["price"] : offer["price"]
        // A price with no word of letting may be a purchase's: nobody can tell.
        if isLease, draft.listing.rentBrutto == nil { draft.set(.rentNetto, price.number ?? Quantity.euros(price.text), at: price.place) }
        if (offer["businessFunction"].text ?? "").lowercased().hasSuffix("#sell") { draft.isForSale = true }
        let starts = offer["availabilityStarts"]
        draft.set(.availableFrom, GermanDate.parse(starts.text.map { String($0.prefix(10)) }, today: today), at: starts.place)
        let ends = offer["availabilityEnds"]
        draft.set(.availableUntil, GermanDate.parse(ends.text.map { String($0.prefix(10)) }, today: today), at: ends.place)
        draft.settle(currency: offer["priceCurrency"].text ?? (specifications.first ?? offer)["priceCurrency"].text ?? "EUR")
        for agent in [offer["seller"], offer["offeredBy"]] {
            draft.set(.contactName, agent["name"].text, at: agent["name"].place)
            draft.set(phone: agent["telephone"].text, at: agent["telephone"].place)
            draft.set(email: agent["email"].text, at: agent["email"].place)
        }
    }
}
