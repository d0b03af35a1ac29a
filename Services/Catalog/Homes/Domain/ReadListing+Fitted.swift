import Contracts
import Foundation
import Postgres

extension ReadListing {
    /// The facts as the table takes them. What a page states beyond all sense (a negative rent, a property type that there is not) is left out and
    /// told: a listing is worth having without it, and nothing is guessed in its place. Texts that are too long are cut.
    func fitted() -> (facts: ReadListing, complaints: [String]) {
        var fit = Fitting(self)
        fit.text(\.title, cut: 500)
        fit.text(\.description, cut: 50_000)
        for (field, name, maximum) in Fitting.texts { fit.text(field, name, maximum) }
        for (field, name, allowed) in Fitting.terms { fit.term(field, name, allowed) }
        for (field, name, limit) in Fitting.amounts { fit.amount(field, name, below: limit) }
        for (field, name, allowed) in Fitting.counts { fit.count(field, name, allowed) }
        fit.day(\.availableFrom, "available_from")
        fit.day(\.availableUntil, "available_until")
        fit.place()
        fit.currency()
        fit.images()
        return (fit.facts, fit.complaints)
    }
}

/// The one pass of `ReadListing.fitted`.
private struct Fitting {
    private(set) var facts: ReadListing
    private(set) var complaints: [String] = []

    init(_ facts: ReadListing) { self.facts = facts }

    static var texts: [(WritableKeyPath<ReadListing, String?>, String, Int)] {
        [
            (\.providerURL, "provider_url", 2048), (\.street, "street", 255), (\.houseNumber, "house_number", 20),
            (\.postalCode, "postal_code", 10), (\.city, "city", 100), (\.district, "district", 100), (\.floor, "floor", 50),
            (\.virtualTourURL, "virtual_tour_url", 2048), (\.floorPlanURL, "floor_plan_url", 2048), (\.contactName, "contact_name", 255),
        ]
    }

    static var terms: [(WritableKeyPath<ReadListing, String?>, String, [String])] {
        [
            (\.propertyType, "property_type", PropertyType.allCases.map(\.rawValue)),
            (\.furnishingLevel, "furnishing_level", ["furnished", "partially_furnished", "unfurnished"]),
            (\.condition, "condition", ["new", "renovated", "good", "needs_renovation"]),
        ]
    }

    static var amounts: [(WritableKeyPath<ReadListing, Decimal?>, String, Decimal)] {
        [
            (\.rentNetto, "rent_netto", 10_000_000), (\.rentBrutto, "rent_brutto", 10_000_000), (\.additionalCosts, "additional_costs", 10_000_000),
            (\.deposit, "deposit", 10_000_000), (\.rooms, "rooms", 99), (\.livingArea, "living_area", 900_000), (\.totalArea, "total_area", 900_000),
        ]
    }

    static var counts: [(WritableKeyPath<ReadListing, Int?>, String, ClosedRange<Int>)] {
        [
            (\.bedroomCount, "bedroom_count", 0...1000), (\.bathroomCount, "bathroom_count", 0...1000), (\.totalFloors, "total_floors", 0...500),
            (\.yearBuilt, "year_built", 500...2200), (\.leaseDurationMin, "lease_duration_min", 0...12_000),
            (\.leaseDurationMax, "lease_duration_max", 0...12_000),
        ]
    }

    mutating func text(_ field: WritableKeyPath<ReadListing, String>, cut maximum: Int) {
        facts[keyPath: field] = Self.cut(Self.clean(facts[keyPath: field]), maximum)
    }

    mutating func text(_ field: WritableKeyPath<ReadListing, String?>, cut maximum: Int) {
        facts[keyPath: field] = facts[keyPath: field].map(Self.clean).flatMap { $0.isEmpty ? nil : Self.cut($0, maximum) }
    }

    mutating func text(_ field: WritableKeyPath<ReadListing, String?>, _ name: String, _ maximum: Int) {
        guard let text = facts[keyPath: field].map(Self.clean) else { return }
        facts[keyPath: field] = text.isEmpty ? nil : text
        if text.unicodeScalars.count > maximum { drop(field, "\(name) is longer than \(maximum) characters") }
    }

    mutating func term(_ field: WritableKeyPath<ReadListing, String?>, _ name: String, _ allowed: [String]) {
        if let term = facts[keyPath: field], !allowed.contains(term) { drop(field, "\(name) is none of \(allowed.joined(separator: ", "))") }
    }

    mutating func amount(_ field: WritableKeyPath<ReadListing, Decimal?>, _ name: String, below limit: Decimal) {
        guard let amount = facts[keyPath: field], !(amount >= 0 && amount < limit) else { return }
        drop(field, "\(name) is out of range")
    }

    mutating func count(_ field: WritableKeyPath<ReadListing, Int?>, _ name: String, _ allowed: ClosedRange<Int>) {
        if let count = facts[keyPath: field], !allowed.contains(count) { drop(field, "\(name) is out of range") }
    }

    mutating func day(_ field: WritableKeyPath<ReadListing, String?>, _ name: String) {
        if let day = facts[keyPath: field], CalendarDay(day) == nil { drop(field, "\(name) is no day") }
    }

    mutating func place() {
        guard facts.latitude != nil || facts.longitude != nil else { return }
        if let latitude = facts.latitude, let longitude = facts.longitude, (-90...90).contains(latitude), (-180...180).contains(longitude) { return }
        facts.latitude = nil
        drop(\.longitude, "the coordinates are no place on earth")
    }

    mutating func currency() {
        if let currency = facts.currency, currency.wholeMatch(of: /[A-Z]{3}/) == nil { drop(\.currency, "currency is no code of three letters") }
    }

    mutating func images() {
        facts.images = Array(facts.images.map(Self.clean).filter { !$0.isEmpty && $0.utf8.count <= 2048 }.prefix(100))
        facts.imageHashes = facts.imageHashes.map { Array($0.filter { $0.wholeMatch(of: /[0-9a-f]{16}/) != nil }.prefix(100)) }
    }

    private mutating func drop<Value>(_ field: WritableKeyPath<ReadListing, Value?>, _ complaint: String) {
        facts[keyPath: field] = nil
        complaints.append(complaint)
    }

    /// Without what no column can hold, and without space around it.
    private static func clean(_ text: String) -> String {
        (text.utf8.contains(0) ? text.replacing("\0", with: "") : text).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func cut(_ text: String, _ maximum: Int) -> String {
        text.unicodeScalars.count <= maximum ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(maximum)))
    }
}
