import Contracts
import Foundation

/// A home as schema.org describes it.
struct SchemaOrgHome {
    let node: JSONNode

    init(_ node: JSONNode) { self.node = node }

    func read(into draft: inout ListingDraft) {
        draft.set(.propertyType, SchemaOrgTerms.propertyType(node), at: node["@type"].place)
        draft.set(.description, node["description"].text.map(ImmoweltTerms.plain), at: node["description"].place)
        draft.set(.providerCreatedAt, node["datePosted"].date, at: node["datePosted"].place)
        draft.set(.providerUpdatedAt, node["dateModified"].date, at: node["dateModified"].place)
        readSizes(into: &draft)
        readAddress(node["address"], into: &draft)
        readPoint(into: &draft)
        let images = node["image"].items.compactMap { $0.text ?? $0["contentUrl"].text ?? $0["url"].text }
        draft.set(images: images, at: node["image"].place)
        let tour = node["tourBookingPage"]
        draft.set(.virtualTourURL, tour.text, at: tour.place)
        let plan = node["accommodationFloorPlan"]["layoutImage"]
        draft.set(.floorPlanURL, plan.text ?? plan["url"].text, at: plan.place)
        let lease = node["leaseLength"]
        draft.set(.leaseDurationMin, lease["minValue"].integer ?? lease["value"].integer, at: lease.place)
        draft.set(.leaseDurationMax, lease["maxValue"].integer, at: lease.place)
    }

    func readPoint(into draft: inout ListingDraft) {
        let point = node["geo"].isNull ? node : node["geo"]
        draft.set(.latitude, point["latitude"].double, at: point["latitude"].place)
        draft.set(.longitude, point["longitude"].double, at: point["longitude"].place)
    }

    private func readSizes(into draft: inout ListingDraft) {
        let size = node["floorSize"]
        if SchemaOrgTerms.isSquareMetres(size) {
            draft.set(.livingArea, size["value"].number ?? size.number ?? Quantity.squareMetres(size.text), at: size.place)
        }
        let rooms = node["numberOfRooms"]
        draft.set(.rooms, rooms["value"].number ?? rooms.number ?? Quantity.rooms(rooms.text), at: rooms.place)
        let bedrooms = node["numberOfBedrooms"]
        draft.set(.bedroomCount, bedrooms["value"].integer ?? bedrooms.integer, at: bedrooms.place)
        let bathrooms = node["numberOfBathroomsTotal"].isNull ? node["numberOfFullBathrooms"] : node["numberOfBathroomsTotal"]
        draft.set(.bathroomCount, bathrooms.integer, at: bathrooms.place)
        draft.set(.floor, node["floorLevel"].text, at: node["floorLevel"].place)
        draft.set(.yearBuilt, node["yearBuilt"].integer, at: node["yearBuilt"].place)
    }

    private func readAddress(_ stated: JSONNode, into draft: inout ListingDraft) {
        if let line = stated.text {
            var address = PostalAddress()
            address.read(line: line)
            return draft.set(address, at: stated.place)
        }
        var street = PostalAddress()
        if let line = stated["streetAddress"].text { street.readStreet(line) }
        draft.set(street, at: stated["streetAddress"].place)
        draft.set(.postalCode, stated["postalCode"].text, at: stated["postalCode"].place)
        var place = PostalAddress()
        if let text = stated["addressLocality"].text { place.readCity(text) }
        draft.set(place, at: stated["addressLocality"].place)
    }
}
