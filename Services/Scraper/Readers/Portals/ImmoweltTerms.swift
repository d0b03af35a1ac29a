import Contracts
import Foundation

/// What Immowelt's list and its pages have in common.
enum ImmoweltTerms {
    static func readKind(_ raw: JSONNode, into draft: inout ListingDraft) {
        let kind = raw["propertyType"]
        let types = ["APARTMENT": "apartment", "HOUSE": "house", "ROOM": "room", "FLAT_SHARE": "room", "STUDIO": "studio"]
        draft.set(.propertyType, kind.text.flatMap { types[$0] }, at: kind.place)
        draft.isForSale = raw["distributionType"].text == "BUY"
    }

    static func read(address: JSONNode, city: JSONNode, into draft: inout ListingDraft) {
        if let line = address["street"].text {
            var street = PostalAddress()
            street.readStreet(line)
            draft.set(street, at: address["street"].place)
        }
        draft.set(.postalCode, address["zipCode"].text, at: address["zipCode"].place)
        draft.set(.city, city.text, at: city.place)
        let district = address["district"].text == nil ? address["city"] : address["district"]
        if district.text != city.text { draft.set(.district, district.text, at: district.place) }
    }

    /// A fact says by its type what it is; its value repeats the unit.
    static func read(fact: JSONNode, into draft: inout ListingDraft, today: Date) {
        let labels = [
            "numberOfRooms": "Zimmer", "livingSpace": "Wohnfläche", "overallSpace": "Gesamtfläche", "totalSpace": "Gesamtfläche",
            "numberOfBedrooms": "Schlafzimmer", "numberOfBathrooms": "Badezimmer", "floor": "Etage", "numberOfFloors": "Etagenzahl",
            "yearOfConstruction": "Baujahr", "state": "Zustand", "availability": "Verfügbar ab",
        ]
        let value = fact["value"]
        HomeFacts.read(fact["type"].text.flatMap { labels[$0] } ?? "", value.text, into: &draft, today: today, at: value.place)
    }

    static func readProvider(_ provider: JSONNode, into draft: inout ListingDraft) {
        for card in [provider["contactCard"], provider["intermediaryCard"]] { draft.set(.contactName, card["title"].text, at: card["title"].place) }
        let phone = provider["phoneNumbers"][0]
        draft.set(phone: phone.text, at: phone.place)
    }

    /// Texts of the state hold `<br>` as markup inside a string.
    static func plain(_ text: String) -> String {
        guard text.contains("<"), let lines = HTMLDocument(text)?.root?.lines else { return text }
        return lines.joined(separator: "\n")
    }
}
