import Contracts
import Foundation

/// The result object that a page of ImmoScout24 hands to its own scripts. Its entries are nearly whole listings.
struct ImmoScoutWebResults {
    let provider: String
    /// `resultlist.resultlist`
    let list: JSONNode

    func results(_ page: FetchedPage) -> ResultPage {
        let entries = list["resultlistEntries"].items.flatMap { $0["resultlistEntry"].items }
        let cards = entries.compactMap { entry -> ResultPage.Card? in
            guard let id = entry["@id"].text, let url = URL(string: "/expose/\(id)", relativeTo: page.url)?.absoluteURL else { return nil }
            return ResultPage.Card(url: url, page: card(entry)?.page)
        }
        return ResultPage(cards: cards, next: next(page.url))
    }

    private func next(_ url: URL) -> URL? {
        let paging = list["paging"]
        guard let number = paging["pageNumber"].integer, let count = paging["numberOfPages"].integer, number < count else { return nil }
        return paging["next"].text.flatMap { URL(string: $0, relativeTo: url)?.absoluteURL }
    }

    private func card(_ entry: JSONNode) -> ListingDraft? {
        let estate = entry["resultlist.realEstate"]
        guard
            var draft = ListingDraft(
                provider: provider, id: estate["@id"].text ?? entry["@id"].text, at: entry["@id"].place, title: estate["title"].text,
                at: estate["title"].place)
        else { return nil }
        let kind = estate["@xsi.type"]
        draft.set(.propertyType, ImmoScoutTerms.propertyType(kind.text), at: kind.place)
        draft.set(.providerCreatedAt, entry["@creation"].date, at: entry["@creation"].place)
        draft.set(.providerUpdatedAt, entry["@modification"].date, at: entry["@modification"].place)
        readAddress(estate["address"], into: &draft)
        draft.set(.livingArea, estate["livingSpace"].number, at: estate["livingSpace"].place)
        draft.set(.rooms, estate["numberOfRooms"].number, at: estate["numberOfRooms"].place)
        for price in [estate["price"], estate["calculatedPrice"]] { readPrice(price, into: &draft) }
        let pictures = estate["galleryAttachments"]["attachment"].items
            .filter { $0["@xsi.type"].text == "common:Picture" && $0["floorplan"].text != "true" }
            .map { $0["@xlink.href"] }
        if let place = pictures.first?.place { draft.set(images: pictures.compactMap(\.text), at: place) }
        draft.set(images: [estate["titlePicture"]["@xlink.href"].text].compactMap(\.self), at: estate["titlePicture"].place)
        readContact(estate["contactDetails"], into: &draft)
        draft.settle(currency: estate["price"]["currency"].text ?? "EUR")
        return draft
    }

    /// A price says itself what it is: the rent alone, or with heating.
    private func readPrice(_ price: JSONNode, into draft: inout ListingDraft) {
        switch (price["marketingType"].text, price["rentScope"].text) {
        case ("RENT", nil): draft.set(.rentNetto, price["value"].number, at: price["value"].place)
        case (_, "WARM_RENT"): draft.set(.rentBrutto, price["value"].number, at: price["value"].place)
        case ("PURCHASE", _): draft.isForSale = true
        default: return
        }
    }

    private func readAddress(_ address: JSONNode, into draft: inout ListingDraft) {
        draft.set(.street, address["street"].text, at: address["street"].place)
        draft.set(.houseNumber, address["houseNumber"].text, at: address["houseNumber"].place)
        draft.set(.postalCode, address["postcode"].text, at: address["postcode"].place)
        draft.set(.city, address["city"].text, at: address["city"].place)
        // "Neukölln (Neukölln)": the part, and the district that it belongs to.
        let quarter = address["quarter"]
        draft.set(.district, quarter.text.map { String($0.prefix { $0 != "(" }) }, at: quarter.place)
        let point = address["wgs84Coordinate"]
        draft.set(.latitude, point["latitude"].double, at: point["latitude"].place)
        draft.set(.longitude, point["longitude"].double, at: point["longitude"].place)
    }

    private func readContact(_ contact: JSONNode, into draft: inout ListingDraft) {
        let name = [contact["firstname"].text, contact["lastname"].text].compactMap(\.self).joined(separator: " ")
        draft.set(.contactName, name.isEmpty ? contact["company"].text : name, at: contact.place)
        for number in [contact["phoneNumber"], contact["cellPhoneNumber"]] { draft.set(phone: number.text, at: number.place) }
        draft.set(email: contact["email"].text, at: contact["email"].place)
    }
}
