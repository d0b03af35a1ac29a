import Foundation

/// What two listings have in common.
struct HomeComparison {
    /// Coordinates that are nearer than this, in metres, may be one house: portals blur them.
    private static let distances: [(Double, String)] = [(60, "house"), (250, "block"), (800, "quarter"), (2500, "near")]

    private let one: HomeFacts
    private let other: HomeFacts
    /// What can be told at a glance.
    let plain: [HomeFinding]

    init(_ one: HomeFacts, _ other: HomeFacts) {
        self.one = one
        self.other = other
        plain = [
            Self.place(one, other), Self.area(one.livingArea, other.livingArea), Self.rooms(one.rooms, other.rooms), Self.rent(one, other),
            Self.deposit(one.deposit, other.deposit), Self.kind(one.propertyType, other.propertyType), Self.floor(one.floor, other.floor),
            Self.title(one.title, other.title),
        ].compactMap(\.self)
    }

    /// What takes reading and looking.
    var close: [HomeFinding] {
        [Self.description(one.description, other.description), Self.pictures(one.imageHashes, other.imageHashes)].compactMap(\.self)
    }

    /// The address when both state one, else the coordinates, else postal code and district.
    private static func place(_ one: HomeFacts, _ other: HomeFacts) -> HomeFinding? {
        if let streets = pair(one.street.map(TextKey.street), other.street.map(TextKey.street)) {
            guard streets.0 == streets.1 else { return HomeFinding(.place, "other_street") }
            guard let numbers = pair(one.houseNumber.map(TextKey.folded), other.houseNumber.map(TextKey.folded))
            else { return HomeFinding(.place, "street") }
            return HomeFinding(.place, numbers.0 == numbers.1 ? "address" : "other_number")
        }
        if let from = one.coordinates, let to = other.coordinates {
            let metres = from.metres(to: to)
            return HomeFinding(.place, distances.first { metres <= $0.0 }?.1 ?? "far")
        }
        let codes = pair(one.postalCode, other.postalCode)
        if let codes, codes.0 != codes.1 { return HomeFinding(.place, "other_code") }
        if let districts = pair(one.district.map(TextKey.folded), other.district.map(TextKey.folded)) {
            // One portal says "Schwabing", the other "Schwabing-Freimann".
            let isSame = districts.0.contains(districts.1) || districts.1.contains(districts.0)
            return HomeFinding(.place, isSame ? "district" : codes == nil ? "other_district" : "code")
        }
        return codes == nil ? nil : HomeFinding(.place, "code")
    }

    private static func area(_ one: Double?, _ other: Double?) -> HomeFinding? {
        guard let (one, other) = pair(one, other) else { return nil }
        let difference = abs(one - other)
        if difference < 0.05 { return HomeFinding(.area, "same") }
        // What another portal makes of 66.3 m²: 66 or 67.
        let isRounded = (one == one.rounded() || other == other.rounded()) && difference < 1
        if isRounded { return HomeFinding(.area, "rounded") }
        let share = difference / max(one, other, 1)
        return HomeFinding(.area, share <= 0.02 ? "close" : share <= 0.05 ? "near" : "other")
    }

    private static func rooms(_ one: Double?, _ other: Double?) -> HomeFinding? {
        guard let (one, other) = pair(one, other) else { return nil }
        let difference = abs(one - other)
        return HomeFinding(.rooms, difference < 0.05 ? "same" : difference <= 0.5 ? "half" : "other")
    }

    /// Net with net, else gross with gross; net with gross when that is all there is.
    private static func rent(_ one: HomeFacts, _ other: HomeFacts) -> HomeFinding? {
        if let rents = pair(one.rentNetto, other.rentNetto) ?? pair(one.rentBrutto, other.rentBrutto) {
            let share = abs(rents.0 - rents.1) / max(rents.0, rents.1, 1)
            if share < 0.0001 { return HomeFinding(.rent, "same") }
            return HomeFinding(.rent, abs(rents.0 - rents.1) <= 1 ? "rounded" : share <= 0.02 ? "close" : share <= 0.08 ? "near" : "other")
        }
        guard let net = one.rentNetto ?? other.rentNetto, let gross = one.rentBrutto ?? other.rentBrutto else { return nil }
        return HomeFinding(.rent, (net * 1.02...net * 1.6).contains(gross) ? "net_and_gross" : "other")
    }

    private static func deposit(_ one: Double?, _ other: Double?) -> HomeFinding? {
        guard let (one, other) = pair(one, other), one > 0, other > 0 else { return nil }
        return HomeFinding(.deposit, abs(one - other) <= 1 ? "same" : "other")
    }

    private static func kind(_ one: String?, _ other: String?) -> HomeFinding? {
        guard let (one, other) = pair(one, other) else { return nil }
        if one == other { return HomeFinding(.kind, "same") }
        // What one portal lists as a studio another lists as a flat.
        let isFlat = Set([one, other]).isSubset(of: ["apartment", "studio"])
        return HomeFinding(.kind, isFlat ? "alike" : "other")
    }

    private static func floor(_ one: String?, _ other: String?) -> HomeFinding? {
        guard let (one, other) = pair(one.flatMap(TextKey.storey), other.flatMap(TextKey.storey)) else { return nil }
        return HomeFinding(.floor, one == other ? "same" : "other")
    }

    private static func title(_ one: String, _ other: String) -> HomeFinding? {
        let likeness = TextLikeness.titles(one, other)
        return HomeFinding(.title, likeness >= 0.8 ? "same" : likeness >= 0.5 ? "alike" : likeness >= 0.25 ? "some" : "other")
    }

    private static func description(_ one: String?, _ other: String?) -> HomeFinding? {
        guard let one, let other, let likeness = TextLikeness.descriptions(one, other) else { return nil }
        return HomeFinding(.description, likeness >= 0.6 ? "same" : likeness >= 0.2 ? "alike" : likeness >= 0.05 ? "some" : "other")
    }

    private static func pictures(_ one: [UInt64], _ other: [UInt64]) -> HomeFinding? {
        guard let share = ImageLikeness.share(one, other) else { return nil }
        return HomeFinding(.pictures, share >= 0.5 ? "same" : share > 0 ? "some" : "other")
    }

    private static func pair<Value>(_ one: Value?, _ other: Value?) -> (Value, Value)? {
        guard let one, let other else { return nil }
        return (one, other)
    }
}

extension HomeFacts {
    fileprivate var coordinates: Coordinates? {
        guard let latitude, let longitude else { return nil }
        return Coordinates(latitude: latitude, longitude: longitude)
    }
}
