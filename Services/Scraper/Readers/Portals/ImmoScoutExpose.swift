import Contracts
import Foundation

/// The mobile application's exposé: sections of many kinds in one list.
struct ImmoScoutExpose {
    private let root: JSONNode

    init(_ root: JSONNode) { self.root = root }

    /// - Parameter isAtHome: the page came from the site itself, whose address for people is another one.
    func draft(provider: String, page: FetchedPage, isAtHome: Bool) -> ListingDraft? {
        let id = root["header"]["id"]
        let title = first("TITLE")["title"]
        guard var draft = ListingDraft(provider: provider, id: id.text, at: id.place, title: title.text, at: title.place) else { return nil }
        draft.set(
            .providerURL, isAtHome ? "https://www.immobilienscout24.de/expose/\(id.text ?? "")" : page.url.absoluteString,
            at: PagePlace(method: .address, path: page.url.path()))
        let kind = root["tracking"]["realEstateType"]
        draft.set(.propertyType, ImmoScoutTerms.propertyType(kind.text), at: kind.place)
        draft.isForSale = root["contact"]["isExposeBuy"].bool ?? false
        let texts = sections("TEXT_AREA").map { $0["text"] }.filter { $0.text != nil }
        if let place = texts.first?.place { draft.set(.description, texts.compactMap(\.text).joined(separator: "\n\n"), at: place) }
        readAttributes(into: &draft, today: page.fetchedAt)
        readAddress(into: &draft)
        readMedia(into: &draft)
        readContact(into: &draft)
        draft.settle()
        return draft
    }

    private func sections(_ type: String) -> [JSONNode] { root["sections"].items.filter { $0["type"].text == type } }
    private func first(_ type: String) -> JSONNode { sections(type).first ?? root["sections"]["none"] }

    private func readAttributes(into draft: inout ListingDraft, today: Date) {
        // The number of rooms stands only among the headline figures.
        for attribute in (sections("ATTRIBUTE_LIST") + sections("TOP_ATTRIBUTES")).flatMap({ $0["attributes"].items }) {
            let label = (attribute["label"].text ?? "").trimmingCharacters(in: [":", " "])
            switch label {
            case "Möbliert": draft.set(.furnishingLevel, "furnished", at: attribute["label"].place)
            case "Möbliert/Teilmöbliert": draft.set(.furnishingLevel, "partially_furnished", at: attribute["label"].place)
            default: HomeFacts.read(label, attribute["text"].text, into: &draft, today: today, at: attribute["text"].place)
            }
        }
    }

    /// "Kölner Straße 223" over "40227 Oberbilk, Düsseldorf"; a sentence takes the street's place when it is kept back.
    private func readAddress(into draft: inout ListingDraft) {
        let map = first("MAP")
        var address = PostalAddress()
        if let line = map["addressLine1"].text { address.readStreet(line) }
        draft.set(address, at: map["addressLine1"].place)
        var place = PostalAddress()
        if let line = map["addressLine2"].text {
            let parts = place.readPostalCode(line).split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            place.city = parts.last
            place.district = parts.count > 1 ? parts[0] : nil
        }
        draft.set(place, at: map["addressLine2"].place)
        draft.set(.latitude, map["location"]["lat"].double, at: map["location"]["lat"].place)
        draft.set(.longitude, map["location"]["lng"].double, at: map["location"]["lng"].place)
    }

    private func readMedia(into draft: inout ListingDraft) {
        let media = sections("MEDIA").flatMap { $0["media"].items }
        let pictures = media.filter { $0["type"].text == "PICTURE" }.map { $0["fullImageUrl"] }
        if let place = pictures.first?.place { draft.set(images: pictures.compactMap(\.text), at: place) }
        let plan = media.first {
            $0["type"].text == "FLOORPLAN" || ($0["caption"].text ?? "").localizedCaseInsensitiveContains("grundriss")
        }
        if let plan { draft.set(.floorPlanURL, plan["fullImageUrl"].text, at: plan["fullImageUrl"].place) }
        if let tour = media.first(where: { $0["type"].text == "VIRTUAL_TOUR" }) {
            draft.set(.virtualTourURL, tour["url"].text ?? tour["fullImageUrl"].text, at: tour.place)
        }
    }

    private func readContact(into draft: inout ListingDraft) {
        for contact in [root["contact"], first("CONTACT")] {
            let agent = contact["contactData"]["agent"]["name"]
            draft.set(.contactName, agent.text, at: agent.place)
            let phone = contact["phoneNumbers"][0]["text"]
            draft.set(phone: phone.text, at: phone.place)
        }
        let info = first("AGENTS_INFO")["name"]
        draft.set(.contactName, info.text, at: info.place)
        // Professional advertisers must name an address in their imprint, which is linked as `is24://imprint?text=…`.
        let links = root["sections"].items.flatMap { $0["references"].items }.map { $0["url"] }
        if let imprint = links.first(where: { $0.text?.hasPrefix("is24://imprint") == true }) {
            draft.set(email: imprint.text?.removingPercentEncoding, at: imprint.place)
        }
    }
}
