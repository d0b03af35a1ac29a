import Contracts
import Foundation

/// WG-Gesucht: rooms in shared flats, flats and houses, as HTML.
struct WGGesuchtReader: ListingReader {
    let provider = "wg_gesucht"

    func recognises(_ url: URL) -> Bool { url.isAt("wg-gesucht.de") }

    func readResults(_ page: FetchedPage) throws(PageProblem) -> ResultPage {
        let document = try page.document()
        let cards = document.all("div.offer_list_item[data-id]")
        guard !cards.isEmpty || document.first("#main_column") != nil else {
            throw PageProblem(.unreadable, "there is no list of offers on the page")
        }
        let next = document.all("a[href]").first { $0.text == ">" || $0["rel"] == "next" }?["href"]
        let city = breadcrumbCity(document) ?? headingCity(document)
        return ResultPage(
            cards: cards.compactMap { card in
                guard let url = link(of: card).flatMap({ URL(string: $0, relativeTo: page.url)?.absoluteURL }) else { return nil }
                return ResultPage.Card(url: url, page: self.card(card, url, city: city, today: page.fetchedAt)?.page)
            },
            next: next.flatMap { URL(string: $0, relativeTo: page.url)?.absoluteURL }
        )
    }

    /// "3er WG | Düsseldorf Unterbilk | Karolingerstraße", then the price, the days and the size.
    private func card(_ card: HTMLElement, _ url: URL, city: String?, today: Date) -> ListingDraft? {
        let title = card.first("h2.truncate_title")
        guard
            var draft = ListingDraft(
                provider: provider, id: card["data-id"], at: card.place("data-id"), title: title?.text, at: title?.place ?? card.place)
        else { return nil }
        draft.set(.propertyType, propertyType(url), at: PagePlace(method: .address, path: url.path()))
        if let line = card.first("div.col-xs-11 span") {
            let parts = line.text.split(separator: "|").map { String($0).collapsed }
            var address = PostalAddress()
            if parts.count > 1 { address.readPlace(parts[1], city: city) }
            // Those who keep their street back repeat its district.
            if parts.count > 2, parts[2] != address.district { address.readStreet(parts[2]) }
            draft.set(address, at: line.place)
        }
        for figure in card.all("div.middle b") {
            // The list shows what a room costs in all.
            draft.set(.rentBrutto, Quantity.euros(figure.text), at: figure.place)
            draft.set(.livingArea, Quantity.squareMetres(figure.text), at: figure.place)
        }
        if let days = card.first("div.middle div.text-center") {
            let parts = days.text.components(separatedBy: " - ")
            draft.set(.availableFrom, GermanDate.parse(parts[0], today: today), at: days.place)
            if parts.count > 1 { draft.set(.availableUntil, GermanDate.parse(parts[1], today: today), at: days.place) }
        }
        if let image = card.first("div.card_image img") {
            draft.set(images: [image["data-src"] ?? image["src"]].compactMap(\.self), at: image.place("src"))
        }
        draft.settle()
        return draft
    }

    /// The link of a card that leads to the offer itself: promoted cards link to a list and keep the offer's address aside.
    private func link(of card: HTMLElement) -> String? {
        guard let id = card["data-id"], !id.isEmpty else { return nil }
        let links = card.all("a").flatMap { [$0["href"], $0["data-new_tab_url"]] }.compactMap(\.self)
        return links.first { $0.hasSuffix(".\(id).html") }
    }

    func readListing(_ page: FetchedPage) throws(PageProblem) -> ListingPage {
        let document = try page.document()
        let title = document.first("h1")
        let id = identifier(page, document)
        guard
            var draft = ListingDraft(
                provider: provider, id: id?.value, at: id?.place ?? page.place, title: title?.text, at: title?.place ?? page.place)
        else { throw PageProblem(.unreadable, "there is no offer on the page") }
        let canonical = document.first("link[rel=canonical]")
        let address = canonical?["href"] ?? page.url.absoluteString
        draft.set(.providerURL, address, at: canonical?.place("href") ?? page.place)
        draft.set(.propertyType, URL(string: address).flatMap(propertyType), at: canonical?.place("href") ?? page.place)
        if let text = document.first("#ad_description_text") { draft.set(.description, text.lines.joined(separator: "\n"), at: text.place) }
        for (label, value) in facts(document) {
            HomeFacts.read(label, value.text, into: &draft, today: page.fetchedAt, at: value.place)
        }
        readAddress(document, into: &draft)
        readObject(document, into: &draft)
        readMarker(document, into: &draft)
        readImages(document, into: &draft, base: page.url)
        draft.settle()
        return draft.page
    }

    /// "Anzeigennummer: 13793538", or the number in the address.
    private func identifier(_ page: FetchedPage, _ document: HTMLDocument) -> (value: String, place: PagePlace)? {
        if let details = document.first("#basic_ad_details"),
            let stated = details.lines.first(where: { $0.hasPrefix("Anzeigennummer:") })?.split(separator: " ").last,
            stated.allSatisfy(\.isASCIIDigit)
        {
            return (String(stated), details.place)
        }
        let canonical = document.first("link[rel=canonical]")
        let parts = (canonical?["href"] ?? page.url.path()).split(separator: ".")
        guard parts.count >= 2, parts.last == "html", parts[parts.count - 2].allSatisfy(\.isASCIIDigit) else { return nil }
        return (String(parts[parts.count - 2]), canonical?.place("href") ?? page.place)
    }

    /// The address begins with the kind: `/wg-zimmer-in-…`, `/1-zimmer-wohnungen-in-…`.
    private func propertyType(_ address: URL) -> String? {
        let kinds = [("wg-zimmer", "room"), ("1-zimmer-wohnung", "studio"), ("wohnung", "apartment"), ("haeuser", "house"), ("haus", "house")]
        return kinds.first { address.lastPathComponent.hasPrefix($0.0) }?.1
    }

    /// "Zimmergröße: 24m²" and the table of costs and dates: a label, then its value.
    private func facts(_ document: HTMLDocument) -> [(label: String, value: HTMLElement)] {
        let elements = document.all("#main_column span") + document.all("#main_column b")
        var facts: [(String, HTMLElement)] = []
        var label: String?
        for element in elements.sorted(by: { $0.index < $1.index }) {
            if element.hasClass("key_fact_detail") || element.hasClass("section_panel_detail") {
                label = element.text
            } else if let name = label, element.hasClass("key_fact_value") || element.hasClass("section_panel_value") {
                facts.append((name, element))
                label = nil
            }
        }
        return facts
    }

    /// The panel "Adresse": a street's line, then "40477 Düsseldorf Derendorf". Where the city ends, only the breadcrumb can say.
    private func readAddress(_ document: HTMLDocument, into draft: inout ListingDraft) {
        guard let panel = panel("Adresse", document), let detail = panel.first("span.section_panel_detail"), let last = detail.lines.last else {
            return
        }
        var address = PostalAddress()
        address.readPlace(address.readPostalCode(last), city: breadcrumbCity(document))
        if detail.lines.count > 1 { address.readStreet(detail.lines[0]) }
        draft.set(address, at: detail.place)
    }

    private func breadcrumbCity(_ document: HTMLDocument) -> String? {
        for link in document.all("ol.breadcrumb a") {
            if let range = link.text.range(of: " in ") { return String(link.text[range.upperBound...]) }
        }
        return nil
    }

    /// "WG-Zimmer in Düsseldorf"
    private func headingCity(_ document: HTMLDocument) -> String? {
        guard let heading = document.first("h1")?.text, let range = heading.range(of: " in ") else { return nil }
        return String(heading[range.upperBound...])
    }

    /// "Angaben zum Objekt" and "WG-Details": short phrases, each of which says what it is by itself.
    private func readObject(_ document: HTMLDocument, into draft: inout ListingDraft) {
        for icon in document.all(".utility_icons div.text-center") {
            let phrase = icon.text
            if HomeTerms.isFloor(phrase) { draft.set(.floor, phrase, at: icon.place) }
            for part in phrase.split(separator: ",") {
                draft.set(.furnishingLevel, HomeTerms.furnishing(part.trimmingCharacters(in: .whitespaces)), at: icon.place)
            }
        }
        guard let details = panel("WG-Details", document) else { return }
        for line in details.lines where line.hasPrefix("Wohnungsgröße:") {
            HomeFacts.read("Wohnungsgröße", String(line.dropFirst("Wohnungsgröße:".count)), into: &draft, today: .now, at: details.place)
        }
    }

    /// The map's marker is handed to its script as JSON.
    private func readMarker(_ document: HTMLDocument, into draft: inout ListingDraft) {
        for script in document.all("script") {
            let source = script.source
            guard source.contains("map_config"), let key = source.range(of: "markers:"),
                let start = source[key.upperBound...].firstIndex(of: "["), let end = source[start...].range(of: "}]")?.upperBound,
                let markers = JSONNode(source[start..<end].utf8, root: script.path() + " markers")
            else { continue }
            draft.set(.latitude, markers[0]["lat"].double, at: markers[0]["lat"].place)
            draft.set(.longitude, markers[0]["lng"].double, at: markers[0]["lng"].place)
            return
        }
    }

    private func readImages(_ document: HTMLDocument, into draft: inout ListingDraft, base: URL) {
        let images = document.all("#gallery_slides img")
        let urls = images.compactMap { $0["data-large"] ?? $0["data-default"] ?? $0["data-src"] ?? $0["src"] }
        if let first = images.first {
            draft.set(images: urls.compactMap { URL(string: $0, relativeTo: base)?.absoluteString }, at: first.place)
        }
    }

    /// The column or panel under a heading.
    private func panel(_ heading: String, _ document: HTMLDocument) -> HTMLElement? {
        guard let title = document.all("h2.section_panel_title").first(where: { $0.text == heading }), let column = title.parent else { return nil }
        // A heading shares its column with what it heads, or stands in a column of its own beside it.
        return column.lines.count > 1 ? column : column.parent
    }
}
