import Contracts
import Foundation

/// ImmoScout24, by the JSON that its mobile application reads: a list of results and an exposé in sections.
struct ImmoScoutReader: ListingReader {
    let provider = "immoscout"

    func recognises(_ url: URL) -> Bool { url.isAt("immobilienscout24.de") }

    func readResults(_ page: FetchedPage) throws(PageProblem) -> ResultPage {
        let results = try decode(ImmoScoutResults.self, page)
        let ids = results.resultListItems.filter { $0.type == "EXPOSE_RESULT" }.compactMap(\.item?.id)
        return ResultPage(
            listings: ids.compactMap { URL(string: "/expose/\($0)", relativeTo: page.url)?.absoluteURL },
            next: next(after: results, page.url)
        )
    }

    private func next(after results: ImmoScoutResults, _ url: URL) -> URL? {
        guard let number = results.pageNumber, let count = results.numberOfPages, number < count,
            var parts = URLComponents(url: url, resolvingAgainstBaseURL: true)
        else { return nil }
        var query = (parts.queryItems ?? []).filter { $0.name != "pagenumber" }
        query.append(URLQueryItem(name: "pagenumber", value: String(number + 1)))
        parts.queryItems = query
        return parts.url
    }

    func readListing(_ page: FetchedPage) throws(PageProblem) -> ListingPage {
        let expose = try decode(ImmoScoutExpose.self, page)
        guard let id = expose.header?.id, let title = expose.first("TITLE")?.title, !title.isEmpty else {
            throw PageProblem(.unreadable, "there is no exposé on the page")
        }
        var listing = ReadListing(provider: provider, providerListingID: id, title: title.collapsed)
        // The mobile address is of no use to a person; a page served from elsewhere is its own.
        listing.providerURL = recognises(page.url) ? "https://www.immobilienscout24.de/expose/\(id)" : page.url.absoluteString
        listing.propertyType = propertyType(expose.tracking?.realEstateType)
        listing.description = description(expose)
        readAttributes(expose, into: &listing, today: page.fetchedAt)
        readAddress(expose, into: &listing)
        readMedia(expose, into: &listing)
        let contact = expose.contact ?? expose.first("CONTACT")
        listing.contactName = contact?.contactData?.agent?.name ?? expose.first("AGENTS_INFO")?.name
        return ListingPage(
            listing: listing,
            contactPhone: ContactText.phone(contact?.phoneNumbers?.first?.text),
            contactEmail: imprintEmail(expose)
        )
    }

    /// A site that answers JSON to its own application answers markup to what it refuses.
    private func decode<Body: Decodable>(_ type: Body.Type, _ page: FetchedPage) throws(PageProblem) -> Body {
        do {
            return try JSONDecoder().decode(type, from: Data(page.bytes))
        } catch {
            if page.bytes.first(where: { !$0.isASCIISpace }) == UInt8(ascii: "<") { _ = try page.document() }
            throw PageProblem(.unreadable, "the answer is not the JSON of \(type.what)")
        }
    }

    private func propertyType(_ kind: String?) -> String? {
        switch kind {
        case "APARTMENT_RENT", "SHORT_TERM_ACCOMMODATION": "apartment"
        case "HOUSE_RENT": "house"
        case "FLAT_SHARE_ROOM": "room"
        default: nil
        }
    }

    private func description(_ expose: ImmoScoutExpose) -> String? {
        let parts = expose.sections.filter { $0.type == "TEXT_AREA" }.compactMap(\.text).filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: "\n\n")
    }

    private func readAttributes(_ expose: ImmoScoutExpose, into listing: inout ReadListing, today: Date) {
        for attribute in expose.sections.filter({ $0.type == "ATTRIBUTE_LIST" }).flatMap({ $0.attributes ?? [] }) {
            let label = (attribute.label ?? "").trimmingCharacters(in: [":", " "])
            let text = attribute.text
            switch label {
            case "Wohnfläche ca.", "Wohnfläche": listing.livingArea = Quantity.squareMetres(text)
            case "Gesamtfläche ca.", "Gesamtfläche": listing.totalArea = Quantity.squareMetres(text)
            case "Zimmer": listing.rooms = Quantity.rooms(text)
            case "Etage": listing.floor = text?.components(separatedBy: " von ").first
            case "Etagenzahl": listing.totalFloors = Quantity.count(text)
            case "Schlafzimmer": listing.bedroomCount = Quantity.count(text)
            case "Badezimmer": listing.bathroomCount = Quantity.count(text)
            case "Bezugsfrei ab", "Verfügbar ab": listing.availableFrom = GermanDate.parse(text, today: today)
            case "Verfügbar bis": listing.availableUntil = GermanDate.parse(text, today: today)
            case "Kaltmiete (zzgl. Nebenkosten)", "Kaltmiete": listing.rentNetto = Quantity.euros(text)
            case "Nebenkosten": listing.additionalCosts = Quantity.euros(text)
            case "Gesamtmiete", "Warmmiete": listing.rentBrutto = Quantity.euros(text)
            case "Kaution oder Genossenschaftsanteile", "Kaution": listing.deposit = Quantity.euros(text)
            case "Baujahr": listing.yearBuilt = Quantity.year(text)
            case "Objektzustand": listing.condition = HomeTerms.condition(text)
            case "Möbliert", "Möbliert/Teilmöbliert":
                listing.furnishingLevel = label == "Möbliert" ? "furnished" : "partially_furnished"
            default: continue
            }
        }
        if [listing.rentNetto, listing.rentBrutto, listing.additionalCosts, listing.deposit].contains(where: { $0 != nil }) {
            listing.currency = "EUR"
        }
        // The number of rooms stands only among the headline figures.
        for attribute in expose.first("TOP_ATTRIBUTES")?.attributes ?? [] where attribute.label == "Zimmer" && listing.rooms == nil {
            listing.rooms = Quantity.rooms(attribute.text)
        }
    }

    /// "Kölner Straße 223" over "40227 Oberbilk, Düsseldorf"; a sentence takes the street's place when it is kept back.
    private func readAddress(_ expose: ImmoScoutExpose, into listing: inout ReadListing) {
        guard let map = expose.first("MAP") else { return }
        var address = PostalAddress()
        if let line = map.addressLine1 { address.readStreet(line) }
        if let line = map.addressLine2 {
            let parts = address.readPostalCode(line).split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            listing.city = parts.last
            listing.district = parts.count > 1 ? parts[0] : nil
        }
        listing.street = address.street
        listing.houseNumber = address.houseNumber
        listing.postalCode = address.postalCode
        listing.latitude = map.location?.lat
        listing.longitude = map.location?.lng
    }

    private func readMedia(_ expose: ImmoScoutExpose, into listing: inout ReadListing) {
        let media = expose.sections.filter { $0.type == "MEDIA" }.flatMap { $0.media ?? [] }
        let plans = media.filter { $0.type == "FLOORPLAN" || ($0.caption ?? "").localizedCaseInsensitiveContains("grundriss") }
        listing.images = media.filter { $0.type == "PICTURE" }.compactMap(\.fullImageUrl)
        listing.floorPlanURL = plans.first?.fullImageUrl
        listing.virtualTourURL = media.first { $0.type == "VIRTUAL_TOUR" }.flatMap { $0.url ?? $0.fullImageUrl }
    }

    /// Professional advertisers must name an address in their imprint, which is linked as `is24://imprint?text=…`.
    private func imprintEmail(_ expose: ImmoScoutExpose) -> String? {
        let links = expose.sections.flatMap { $0.references ?? [] }.compactMap(\.url).filter { $0.hasPrefix("is24://imprint") }
        return links.first?.removingPercentEncoding.flatMap(ContactText.email)
    }
}

extension Decodable {
    fileprivate static var what: String { Self.self == ImmoScoutResults.self ? "a result list" : "an exposé" }
}

extension UInt8 {
    fileprivate var isASCIISpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
