import Contracts
import Foundation

/// Kleinanzeigen: flats, houses and rooms to let, as HTML.
struct KleinanzeigenReader: ListingReader {
    let provider = "kleinanzeigen"

    func recognises(_ url: URL) -> Bool { url.isAt("kleinanzeigen.de") }

    func readResults(_ page: FetchedPage) throws(PageProblem) -> ResultPage {
        let document = try page.document()
        let cards = document.all("article[data-adid]")
        guard !cards.isEmpty || document.first("#srchrslt-content") != nil else {
            throw PageProblem(.unreadable, "there is no list of offers on the page")
        }
        return ResultPage(
            cards: cards.compactMap { card in
                let link = card["data-href"] ?? card.first("a.ellipsis")?["href"]
                guard let url = link.flatMap({ URL(string: $0, relativeTo: page.url)?.absoluteURL }) else { return nil }
                return ResultPage.Card(url: url, page: self.card(card)?.page)
            },
            next: document.first("a.pagination-next")?["href"].flatMap { URL(string: $0, relativeTo: page.url)?.absoluteURL }
        )
    }

    /// "89 m² · 2 Zi.", "1.600 €", "40235 Flingern Nord (3 km)": whether the name is a city's or a part's the card does not say.
    private func card(_ card: HTMLElement) -> ListingDraft? {
        let link = card.first("a.ellipsis")
        guard
            var draft = ListingDraft(
                provider: provider, id: card["data-adid"], at: card.place("data-adid"), title: link?.text, at: link?.place ?? card.place)
        else { return nil }
        if let tags = card.first("p.aditem-main--middle--tags") {
            for tag in tags.text.split(separator: "·").map({ String($0).collapsed }) {
                draft.set(.livingArea, Quantity.squareMetres(tag), at: tags.place)
                if tag.contains("Zi") { draft.set(.rooms, Quantity.rooms(tag), at: tags.place) }
            }
        }
        if let price = card.first("p.aditem-main--middle--price-shipping--price") {
            // The price of an offer is the rent without its extras: these have a field of their own.
            draft.set(.rentNetto, Quantity.euros(price.ownText), at: price.place)
        }
        if let place = card.first("div.aditem-main--top--left") {
            var address = PostalAddress()
            _ = address.readPostalCode(place.text)
            draft.set(.postalCode, address.postalCode, at: place.place)
        }
        if let image = card.first("div.imagebox img") {
            draft.set(images: [image["src"] ?? image["data-imgsrc"]].compactMap(\.self), at: image.place("src"))
        }
        draft.settle()
        return draft
    }

    func readListing(_ page: FetchedPage) throws(PageProblem) -> ListingPage {
        let document = try page.document()
        let title = document.first("#viewad-title")
        let id = identifier(page, document)
        guard
            var draft = ListingDraft(
                provider: provider, id: id?.value, at: id?.place ?? page.place, title: title?.ownText, at: title?.place ?? page.place)
        else { throw PageProblem(.unreadable, "there is no offer on the page") }
        let canonical = document.first("link[rel=canonical]")
        draft.set(.providerURL, canonical?["href"] ?? page.url.absoluteString, at: canonical?.place("href") ?? page.place)
        // The element named for the text is a paragraph, and ends for any parser where the first block inside it begins.
        if let text = document.first("#viewad-description div.l-container") ?? document.first("#viewad-description-text") {
            draft.set(.description, text.lines.joined(separator: "\n"), at: text.place)
        }
        if let category = document.first("meta[itemprop=category]") {
            draft.set(.propertyType, propertyType(category["content"]), at: category.place("content"))
        }
        let images = document.all("#viewad-image")
        if let first = images.first { draft.set(images: images.compactMap { $0["src"] ?? $0["data-imgsrc"] }, at: first.place("src")) }
        for (name, field) in [("og:latitude", ListingField.latitude), ("og:longitude", .longitude)] {
            guard let meta = document.all("meta[property]").first(where: { $0["property"] == name }) else { continue }
            draft.set(field, meta["content"].flatMap(Double.init), at: meta.place("content"))
        }
        readCreation(document, into: &draft)
        readDetails(document, into: &draft, today: page.fetchedAt)
        readAddress(document, into: &draft)
        readContact(document, into: &draft)
        draft.settle(currency: document.first("meta[itemprop=currency]")?["content"] ?? "EUR")
        return draft.page
    }

    /// The address ends with `/3323958001-203-2068`: the number of the offer, of its category and of its place.
    private func identifier(_ page: FetchedPage, _ document: HTMLDocument) -> (value: String, place: PagePlace)? {
        let canonical = document.first("link[rel=canonical]")
        let address = canonical?["href"] ?? page.url.path()
        guard let id = address.split(separator: "/").last?.split(separator: "-").first.map(String.init), id.allSatisfy(\.isASCIIDigit) else {
            return nil
        }
        return (id, canonical?.place("href") ?? page.place)
    }

    private func propertyType(_ category: String?) -> String? {
        switch category {
        case "Mietwohnungen": "apartment"
        case "Häuser zur Miete": "house"
        case "Auf Zeit & WG": "room"
        default: nil
        }
    }

    /// The day on which the offer was put up stands beside a calendar, without a time: it begins at midnight.
    private func readCreation(_ document: HTMLDocument, into draft: inout ListingDraft) {
        guard let element = document.first("#viewad-extra-info span"), let day = GermanDate.day(element.text) else { return }
        draft.set(.providerCreatedAt, day, at: element.place)
    }

    private func readDetails(_ document: HTMLDocument, into draft: inout ListingDraft, today: Date) {
        if let price = document.first("#viewad-price") { draft.set(.rentNetto, Quantity.euros(price.text), at: price.place) }
        for detail in document.all("li.addetailslist--detail") {
            guard let value = detail.first("span.addetailslist--detail--value") else { continue }
            HomeFacts.read(detail.ownText, value.text, into: &draft, today: today, at: value.place)
        }
        for tag in document.all("li.checktag") {
            draft.set(
                .furnishingLevel, HomeTerms.furnishing(tag.text.replacing("Möbliert/Teilmöbliert", with: "Teilmöbliert")), at: tag.place)
        }
    }

    /// "40235 Düsseldorf - Flingern Nord"; a street, when given, stands in `#street-address`.
    private func readAddress(_ document: HTMLDocument, into draft: inout ListingDraft) {
        if let street = document.first("#street-address") {
            var address = PostalAddress()
            address.readStreet(street.text.trimmingCharacters(in: [",", " "]))
            draft.set(address, at: street.place)
        }
        guard let place = document.first("#viewad-locality") else { return }
        var address = PostalAddress()
        address.readCity(address.readPostalCode(place.text))
        draft.set(address, at: place.place)
    }

    private func readContact(_ document: HTMLDocument, into draft: inout ListingDraft) {
        if let name = document.first("span.userprofile-vip") { draft.set(.contactName, name.text, at: name.place) }
        if let link = document.all("a[href]").first(where: { $0["href"]?.hasPrefix("tel:") == true }) {
            draft.set(phone: link["href"], at: link.place("href"))
        }
        if let imprint = document.first("#viewad-imprint-text") { draft.set(email: imprint.text, at: imprint.place) }
    }
}
