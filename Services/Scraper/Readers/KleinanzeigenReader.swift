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
            listings: cards.compactMap { $0["data-href"] ?? $0.first("a.ellipsis")?["href"] }
                .compactMap { URL(string: $0, relativeTo: page.url)?.absoluteURL },
            next: document.first("a.pagination-next")?["href"].flatMap { URL(string: $0, relativeTo: page.url)?.absoluteURL }
        )
    }

    func readListing(_ page: FetchedPage) throws(PageProblem) -> ListingPage {
        let document = try page.document()
        guard let title = document.first("#viewad-title")?.ownText, !title.isEmpty, let id = identifier(page, document) else {
            throw PageProblem(.unreadable, "there is no offer on the page")
        }
        var listing = ReadListing(provider: provider, providerListingID: id, title: title)
        listing.providerURL = document.first("link[rel=canonical]")?["href"] ?? page.url.absoluteString
        listing.description = document.first("#viewad-description-text")?.lines.joined(separator: "\n")
        listing.propertyType = propertyType(document)
        listing.images = document.all("#viewad-image").compactMap { $0["src"] ?? $0["data-imgsrc"] }
        listing.latitude = document.first("meta[property=og:latitude]")?["content"].flatMap(Double.init)
        listing.longitude = document.first("meta[property=og:longitude]")?["content"].flatMap(Double.init)
        listing.contactName = document.first("span.userprofile-vip")?.text
        readPrices(document, into: &listing)
        readDetails(document, into: &listing, today: page.fetchedAt)
        readAddress(document, into: &listing)
        let phone = document.all("a[href]").compactMap { $0["href"] }.first { $0.hasPrefix("tel:") }
        return ListingPage(listing: listing, contactPhone: ContactText.phone(phone), contactEmail: imprintEmail(document))
    }

    /// The address ends with `/3323958001-203-2068`: the number of the offer, of its category and of its place.
    private func identifier(_ page: FetchedPage, _ document: HTMLDocument) -> String? {
        let address = document.first("link[rel=canonical]")?["href"] ?? page.url.path()
        return address.split(separator: "/").last?.split(separator: "-").first.map(String.init).flatMap { id in
            id.allSatisfy(\.isASCIIDigit) ? id : nil
        }
    }

    private func propertyType(_ document: HTMLDocument) -> String? {
        switch document.first("meta[itemprop=category]")?["content"] {
        case "Mietwohnungen": "apartment"
        case "Häuser zur Miete": "house"
        case "Auf Zeit & WG": "room"
        default: nil
        }
    }

    private func readPrices(_ document: HTMLDocument, into listing: inout ReadListing) {
        listing.rentNetto = Quantity.euros(document.first("#viewad-price")?.text)
        if listing.rentNetto != nil { listing.currency = document.first("meta[itemprop=currency]")?["content"] ?? "EUR" }
    }

    private func readDetails(_ document: HTMLDocument, into listing: inout ReadListing, today: Date) {
        for detail in document.all("li.addetailslist--detail") {
            let value = detail.first("span.addetailslist--detail--value")?.text
            switch detail.ownText {
            case "Wohnfläche": listing.livingArea = Quantity.squareMetres(value)
            case "Zimmer": listing.rooms = Quantity.rooms(value)
            case "Schlafzimmer": listing.bedroomCount = Quantity.count(value)
            case "Badezimmer": listing.bathroomCount = Quantity.count(value)
            case "Etage": listing.floor = value
            case "Baujahr": listing.yearBuilt = Quantity.year(value)
            case "Verfügbar ab": listing.availableFrom = GermanDate.parse(value, today: today)
            case "Nebenkosten": listing.additionalCosts = Quantity.euros(value)
            case "Warmmiete": listing.rentBrutto = Quantity.euros(value)
            case "Kaution / Genoss.-Anteile": listing.deposit = Quantity.euros(value)
            default: continue
            }
        }
        for tag in document.all("li.checktag").map(\.text) {
            if let level = HomeTerms.furnishing(tag.replacing("Möbliert/Teilmöbliert", with: "Teilmöbliert")) { listing.furnishingLevel = level }
        }
    }

    /// "40235 Düsseldorf - Flingern Nord"; a street, when given, stands in `#street-address`.
    private func readAddress(_ document: HTMLDocument, into listing: inout ReadListing) {
        var address = PostalAddress()
        if let place = document.first("#viewad-locality")?.text {
            let parts = address.readPostalCode(place).split(separator: " - ", maxSplits: 1)
            listing.city = parts.first.map(String.init)
            listing.district = parts.count > 1 ? String(parts[1]) : nil
        }
        if let street = document.first("#street-address")?.text { address.readStreet(street.trimmingCharacters(in: [",", " "])) }
        listing.postalCode = address.postalCode
        listing.street = address.street
        listing.houseNumber = address.houseNumber
    }

    private func imprintEmail(_ document: HTMLDocument) -> String? {
        document.first("#viewad-imprint-text").flatMap { ContactText.email(in: $0.text) }
    }
}
