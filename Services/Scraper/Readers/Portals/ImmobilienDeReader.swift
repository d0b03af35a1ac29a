import Contracts
import Foundation

/// immobilien.de: flats and houses to let and for sale, as HTML with tables of facts.
struct ImmobilienDeReader: ListingReader {
    let provider = "immobilien_de"

    func recognises(_ url: URL) -> Bool { url.isAt("immobilien.de") }

    func readResults(_ page: FetchedPage) throws(PageProblem) -> ResultPage {
        let document = try page.document()
        let cards = document.all("a.lr-card[href]")
        guard !cards.isEmpty || document.first("div.lr-results") != nil else {
            throw PageProblem(.unreadable, "there is no list of offers on the page")
        }
        return ResultPage(
            cards: cards.compactMap { card in
                guard let url = card["href"].flatMap({ URL(string: $0, relativeTo: page.url)?.absoluteURL }) else { return nil }
                return ResultPage.Card(url: url, page: self.card(card, url, today: page.fetchedAt)?.page)
            },
            next: next(document, page.url))
    }

    /// Pages are no links but handlers: `location.href='/Wohnen/…'`.
    private func next(_ document: HTMLDocument, _ base: URL) -> URL? {
        guard let handler = document.first("li.pg-nav__next")?["onclick"], let open = handler.firstIndex(of: "'") else { return nil }
        let address = handler[handler.index(after: open)...].prefix { $0 != "'" }
        return URL(string: String(address), relativeTo: base)?.absoluteURL
    }

    private func card(_ card: HTMLElement, _ url: URL, today: Date) -> ListingDraft? {
        let title = card.first("div.lr-card__title")
        guard
            var draft = ListingDraft(
                provider: provider, id: identifier(url), at: card.place("href"), title: title?.text, at: title?.place ?? card.place)
        else { return nil }
        draft.set(.propertyType, HomeTerms.propertyType(card["data-objart"]), at: card.place("data-objart"))
        if let label = card.first("span.lr-card__price-label"), let amount = card.first("span.lr-card__price-amount") {
            draft.isForSale = HomeFacts.isPurchase(label.text)
            HomeFacts.read(label.text, amount.text, into: &draft, today: today, at: amount.place)
        }
        if let line = card.first("div.lr-card__address") {
            var address = PostalAddress()
            address.read(line: line.text)
            draft.set(address, at: line.place)
        }
        for fact in card.all("div.lr-card__fact") {
            guard let label = fact.first("span.lr-card__fact-label"), let value = fact.first("span.lr-card__fact-value") else { continue }
            HomeFacts.read(label.text, value.text, into: &draft, today: today, at: value.place)
        }
        let images = card.all("img.lr-card__gallery-img").compactMap { $0["data-original"] ?? $0["src"] ?? $0["data-src"] }
        draft.set(images: images.compactMap { URL(string: $0, relativeTo: url)?.absoluteString }, at: card.place)
        draft.settle()
        return draft
    }

    /// `/wohnen/9739832`
    private func identifier(_ url: URL) -> String? { url.lastPathComponent.allSatisfy(\.isASCIIDigit) ? url.lastPathComponent : nil }

    func readListing(_ page: FetchedPage) throws(PageProblem) -> ListingPage {
        let document = try page.document()
        let canonical = document.first("link[rel=canonical]")
        let address = canonical?["href"].flatMap { URL(string: $0) } ?? page.url
        let title = document.first("h1.si-header__title")
        guard
            var draft = ListingDraft(
                provider: provider, id: identifier(address), at: canonical?.place("href") ?? page.place, title: title?.text,
                at: title?.place ?? page.place)
        else { throw PageProblem(.unreadable, "there is no offer on the page") }
        draft.set(.providerURL, address.absoluteString, at: canonical?.place("href") ?? page.place)
        if let name = document.first("title") { draft.set(.propertyType, HomeTerms.propertyType(name.source), at: name.place) }
        if let text = document.first("#section-beschreibung-body") {
            draft.set(.description, text.lines.joined(separator: "\n"), at: text.place)
        }
        readFacts(document, into: &draft, today: page.fetchedAt)
        if let place = document.first("div.si-address__text") { read(place: place, into: &draft) }
        let images = document.all("img.ig__img")
        let urls = images.compactMap { $0["data-original"] ?? $0["src"] ?? $0["data-src"] }
        if let first = images.first {
            draft.set(images: urls.compactMap { URL(string: $0, relativeTo: page.url)?.absoluteString }, at: first.place("data-original"))
        }
        readContact(document, into: &draft)
        // The street and the place on the map stand only among the data for search engines.
        if let home = SchemaOrgItems(document).home { SchemaOrgHome(home).read(into: &draft) }
        draft.settle()
        return draft.page
    }

    private func readFacts(_ document: HTMLDocument, into draft: inout ListingDraft, today: Date) {
        for row in document.all("table.si-table tr") {
            let cells = row.all("td")
            guard cells.count == 2 else { continue }
            if HomeFacts.isPurchase(cells[0].text) { draft.isForSale = true }
            HomeFacts.read(cells[0].text, cells[1].text, into: &draft, today: today, at: cells[1].place)
        }
        for price in document.all("div.si-prices__item") {
            guard let amount = price.first("span.si-prices__amount"), let label = price.first("span.si-prices__label") else { continue }
            if HomeFacts.isPurchase(label.text) { draft.isForSale = true }
            HomeFacts.read(label.text, amount.text, into: &draft, today: today, at: amount.place)
        }
        // "Frei ab: sofort"
        if let free = document.first("span.si-prices__available") {
            HomeFacts.read("frei ab", free.text.components(separatedBy: ": ").last, into: &draft, today: today, at: free.place)
        }
    }

    /// "Birkenhainer Ring 25 C, 14979 Großbeeren, Brandenburg": what follows the city is its state, not its part.
    private func read(place: HTMLElement, into draft: inout ListingDraft) {
        var address = PostalAddress()
        address.read(line: place.lines.joined(separator: ", "))
        address.district = nil
        draft.set(address, at: place.place)
    }

    private func readContact(_ document: HTMLDocument, into draft: inout ListingDraft) {
        if let name = document.first("div.si-agent__contact-person strong") { draft.set(.contactName, name.text, at: name.place) }
        if let company = document.first("div.si-agent-profile__name") { draft.set(.contactName, company.text, at: company.place) }
        if let link = document.all("a[href]").first(where: { $0["href"]?.hasPrefix("tel:") == true }) {
            draft.set(phone: link["href"], at: link.place("href"))
        }
        // The map's marker names the advertiser's address.
        for cell in document.all("table.googlemap td") where cell.text.hasPrefix("E-Mail:") { draft.set(email: cell.text, at: cell.place) }
    }
}
