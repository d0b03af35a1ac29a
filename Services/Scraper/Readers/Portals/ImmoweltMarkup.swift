import Contracts
import Foundation

/// An exposé of Immowelt without its state: the page's name sums it up, as in "Wohnung 93 m² 1250 € zur Miete Mitte,Berlin (10178)".
struct ImmoweltMarkup {
    private let document: HTMLDocument

    init(_ document: HTMLDocument) { self.document = document }

    func draft(provider: String, page: FetchedPage) -> ListingDraft? {
        let headings: [HTMLSelector] = ["[data-testid=cdp-headline]", "h1", "meta[property=og:title]", "title"]
        guard let heading = headings.lazy.compactMap({ document.first($0) }).first else { return nil }
        let canonical = document.first("link[rel=canonical]")
        let address = canonical?["href"].flatMap { URL(string: $0) } ?? page.url
        guard address.path().hasPrefix("/expose/"),
            var draft = ListingDraft(
                provider: provider, id: address.lastPathComponent, at: canonical?.place("href") ?? page.place,
                title: heading["content"] ?? (heading.tag == "title" ? heading.source : heading.text), at: heading.place)
        else { return nil }
        draft.set(.providerURL, address.absoluteString, at: canonical?.place("href") ?? page.place)
        if let text = document.first("[data-testid=cdp-main-description-expandable-text]") {
            draft.set(.description, text.lines.joined(separator: "\n"), at: text.place)
        }
        if let summary = document.first("title") { read(summary: summary.source.collapsed, at: summary.place, into: &draft) }
        if let place = document.first("[data-testid=cdp-location-address]") {
            read(place: place.text, at: place.place, into: &draft)
        }
        draft.settle()
        return draft
    }

    private func read(summary: String, at place: PagePlace, into draft: inout ListingDraft) {
        let words = summary.split(separator: " ").map(String.init)
        draft.set(.propertyType, words.first.flatMap(HomeTerms.propertyType), at: place)
        guard let offer = summary.range(of: " zur Miete ") ?? summary.range(of: " zum Kauf ") else { return }
        draft.isForSale = summary[offer].contains("Kauf")
        for (number, unit) in zip(words, words.dropFirst()) {
            draft.set(.livingArea, unit == "m²" ? Quantity.squareMetres("\(number) \(unit)") : nil, at: place)
            // The price of an offer to let is the rent without its extras.
            if !draft.isForSale { draft.set(.rentNetto, unit == "€" ? Quantity.euros("\(number) \(unit)") : nil, at: place) }
        }
        read(place: String(summary[offer.upperBound...]), at: place, into: &draft)
    }

    /// "Mitte,Berlin (10178)", "Street 2,Part,City (48336)": the city stands last, before it its part.
    private func read(place text: String, at place: PagePlace, into draft: inout ListingDraft) {
        var address = PostalAddress()
        if let open = text.lastIndex(of: "(") {
            let code = text[text.index(after: open)...].prefix { $0 != ")" }
            if code.count == 5, code.allSatisfy(\.isASCIIDigit) { address.postalCode = String(code) }
        }
        let parts = text.prefix { $0 != "(" }.split(separator: ",").map { String($0).collapsed }
        address.city = parts.last
        if parts.count > 1, parts[parts.count - 2] != address.city { address.district = parts[parts.count - 2] }
        if parts.count > 2 { address.readStreet(parts[0]) }
        draft.set(address, at: place)
    }
}
