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
        return ResultPage(
            listings: cards.compactMap(link).compactMap { URL(string: $0, relativeTo: page.url)?.absoluteURL },
            next: next.flatMap { URL(string: $0, relativeTo: page.url)?.absoluteURL }
        )
    }

    /// The link of a card that leads to the offer itself: promoted cards link to a list and keep the offer's address aside.
    private func link(of card: HTMLElement) -> String? {
        guard let id = card["data-id"], !id.isEmpty else { return nil }
        let links = card.all("a").flatMap { [$0["href"], $0["data-new_tab_url"]] }.compactMap(\.self)
        return links.first { $0.hasSuffix(".\(id).html") }
    }

    func readListing(_ page: FetchedPage) throws(PageProblem) -> ListingPage {
        let document = try page.document()
        guard let title = document.first("h1")?.text, !title.isEmpty, let id = identifier(page, document) else {
            throw PageProblem(.unreadable, "there is no offer on the page")
        }
        var listing = ReadListing(provider: provider, providerListingID: id, title: title)
        listing.providerURL = canonical(document) ?? page.url.absoluteString
        listing.propertyType = propertyType(listing.providerURL, document)
        listing.description = description(document)
        readFacts(document, into: &listing, today: page.fetchedAt)
        readAddress(document, into: &listing)
        readObject(document, into: &listing)
        readPlace(document, into: &listing)
        listing.images = images(document, base: page.url)
        if [listing.rentBrutto, listing.rentNetto, listing.additionalCosts, listing.deposit].contains(where: { $0 != nil }) {
            listing.currency = "EUR"
        }
        return ListingPage(listing: listing)
    }

    private func canonical(_ document: HTMLDocument) -> String? { document.first("link[rel=canonical]")?["href"] }

    /// "Anzeigennummer: 13793538", or the number in the address.
    private func identifier(_ page: FetchedPage, _ document: HTMLDocument) -> String? {
        let stated = document.first("#basic_ad_details")?.lines.first { $0.hasPrefix("Anzeigennummer:") }?.split(separator: " ").last.map(String.init)
        let address = canonical(document) ?? page.url.path()
        let parts = address.split(separator: ".")
        let inAddress = parts.count >= 2 && parts.last == "html" ? String(parts[parts.count - 2]) : nil
        return [stated, inAddress].compactMap(\.self).first { $0.allSatisfy(\.isASCIIDigit) }
    }

    /// The address begins with the kind: `/wg-zimmer-in-…`, `/1-zimmer-wohnungen-in-…`.
    private func propertyType(_ address: String?, _ document: HTMLDocument) -> String? {
        let name = address.flatMap { URL(string: $0) }?.lastPathComponent ?? ""
        let kinds = [("wg-zimmer", "room"), ("1-zimmer-wohnung", "studio"), ("wohnung", "apartment"), ("haeuser", "house"), ("haus", "house")]
        return kinds.first { name.hasPrefix($0.0) }?.1
    }

    private func description(_ document: HTMLDocument) -> String? {
        let paragraphs = document.first("#ad_description_text")?.lines ?? []
        return paragraphs.isEmpty ? nil : paragraphs.joined(separator: "\n")
    }

    /// "Zimmergröße: 24m²" and the table of costs and dates: a label, then its value.
    private func readFacts(_ document: HTMLDocument, into listing: inout ReadListing, today: Date) {
        for (label, value) in facts(document) {
            switch label {
            case "Zimmergröße", "Größe", "Wohnfläche": listing.livingArea = Quantity.squareMetres(value)
            case "Gesamtmiete": listing.rentBrutto = Quantity.euros(value)
            case "Miete", "Kaltmiete", "Grundmiete": listing.rentNetto = Quantity.euros(value)
            case "Nebenkosten": listing.additionalCosts = Quantity.euros(value)
            case "Kaution": listing.deposit = Quantity.euros(value)
            case "Zimmer": listing.rooms = Quantity.rooms(value)
            case "frei ab": listing.availableFrom = GermanDate.parse(value, today: today)
            case "frei bis": listing.availableUntil = GermanDate.parse(value, today: today)
            default: continue
            }
        }
    }

    private func facts(_ document: HTMLDocument) -> [(label: String, value: String)] {
        let elements = document.all("#main_column span") + document.all("#main_column b")
        var facts: [(String, String)] = []
        var label: String?
        for element in elements.sorted(by: { $0.index < $1.index }) {
            if element.hasClass("key_fact_detail") || element.hasClass("section_panel_detail") {
                label = element.text.trimmingCharacters(in: [":", " "])
            } else if let name = label, element.hasClass("key_fact_value") || element.hasClass("section_panel_value") {
                facts.append((name, element.text))
                label = nil
            }
        }
        return facts
    }

    /// The panel "Adresse": a street's line, then "40477 Düsseldorf Derendorf". Where the city ends, only the breadcrumb can say.
    private func readAddress(_ document: HTMLDocument, into listing: inout ReadListing) {
        guard let panel = panel("Adresse", document), let lines = panel.first("span.section_panel_detail")?.lines, let last = lines.last else {
            return
        }
        var address = PostalAddress()
        let place = address.readPostalCode(last)
        if lines.count > 1 { address.readStreet(lines[0]) }
        if let city = breadcrumbCity(document), place == city || place.hasPrefix(city + " ") {
            address.city = city
            address.district = place.dropFirst(city.count).trimmingCharacters(in: .whitespaces)
        } else if !place.contains(" ") {
            address.city = place
        }
        listing.street = address.street
        listing.houseNumber = address.houseNumber
        listing.postalCode = address.postalCode
        listing.city = address.city
        listing.district = address.district?.isEmpty == true ? nil : address.district
    }

    private func breadcrumbCity(_ document: HTMLDocument) -> String? {
        for link in document.all("ol.breadcrumb a") {
            if let range = link.text.range(of: " in ") { return String(link.text[range.upperBound...]) }
        }
        return nil
    }

    /// "Angaben zum Objekt" and "WG-Details": short phrases, each of which says what it is by itself.
    private func readObject(_ document: HTMLDocument, into listing: inout ReadListing) {
        for phrase in document.all(".utility_icons div.text-center").map(\.text) {
            if HomeTerms.isFloor(phrase) { listing.floor = phrase }
            for part in phrase.split(separator: ",") {
                if let level = HomeTerms.furnishing(part.trimmingCharacters(in: .whitespaces)) { listing.furnishingLevel = level }
            }
        }
        for line in panel("WG-Details", document)?.lines ?? [] where line.hasPrefix("Wohnungsgröße:") {
            listing.totalArea = Quantity.squareMetres(String(line.dropFirst("Wohnungsgröße:".count)))
        }
    }

    /// The map's marker is handed to its script as JSON.
    private func readPlace(_ document: HTMLDocument, into listing: inout ReadListing) {
        struct Marker: Decodable {
            var lat: Double
            var lng: Double
        }
        for script in document.all("script").map(\.source) where script.contains("map_config") {
            guard let key = script.range(of: "markers:"), let start = script[key.upperBound...].firstIndex(of: "["),
                let end = script[start...].range(of: "}]")?.upperBound,
                let markers = try? JSONDecoder().decode([Marker].self, from: Data(script[start..<end].utf8)), let marker = markers.first
            else { continue }
            listing.latitude = marker.lat
            listing.longitude = marker.lng
            return
        }
    }

    private func images(_ document: HTMLDocument, base: URL) -> [String] {
        var seen: Set<String> = []
        return document.all("#gallery_slides img")
            .compactMap { $0["data-large"] ?? $0["data-default"] ?? $0["data-src"] ?? $0["src"] }
            .compactMap { URL(string: $0, relativeTo: base)?.absoluteString }
            .filter { seen.insert($0).inserted }
    }

    /// The column or panel under a heading.
    private func panel(_ heading: String, _ document: HTMLDocument) -> HTMLElement? {
        guard let title = document.all("h2.section_panel_title").first(where: { $0.text == heading }), let column = title.parent else { return nil }
        // A heading shares its column with what it heads, or stands in a column of its own beside it.
        return column.lines.count > 1 ? column : column.parent
    }
}
