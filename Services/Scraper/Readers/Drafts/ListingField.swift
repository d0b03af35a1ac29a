import Contracts
import Foundation

/// One field of a listing by name, with what the catalogue accepts for it: what it would refuse is no such field.
struct ListingField<Value: Sendable> {
    let name: String
    let path: WritableKeyPath<ReadListing, Value?>
    let accept: (Value) -> Value?

    init(_ name: String, _ path: WritableKeyPath<ReadListing, Value?>, accept: @escaping (Value) -> Value? = { $0 }) {
        self.name = name
        self.path = path
        self.accept = accept
    }
}

extension ListingField<String> {
    static var providerURL: Self { text("provider_url", \.providerURL, most: 2048) }
    /// Cut where it is too long: a description is still one.
    static var description: Self {
        Self("description", \.description) { text in
            let clean = text.withoutControls.trimmingCharacters(in: .whitespacesAndNewlines)
            return clean.isEmpty ? nil : String(clean.prefix(50_000))
        }
    }
    static var propertyType: Self { text("property_type", \.propertyType, most: 20) }
    static var furnishingLevel: Self { text("furnishing_level", \.furnishingLevel, most: 30) }
    static var street: Self { text("street", \.street, most: 255) }
    static var houseNumber: Self { text("house_number", \.houseNumber, most: 20) }
    static var postalCode: Self { text("postal_code", \.postalCode, most: 10) }
    static var city: Self { text("city", \.city, most: 100) }
    static var district: Self { text("district", \.district, most: 100) }
    static var currency: Self { Self("currency", \.currency) { $0.count == 3 && $0.allSatisfy(\.isASCIICapital) ? $0 : nil } }
    static var floor: Self { text("floor", \.floor, most: 50) }
    static var condition: Self { text("condition", \.condition, most: 30) }
    static var availableFrom: Self { text("available_from", \.availableFrom, most: 10) }
    static var availableUntil: Self { text("available_until", \.availableUntil, most: 10) }
    static var virtualTourURL: Self { text("virtual_tour_url", \.virtualTourURL, most: 2048) }
    static var floorPlanURL: Self { text("floor_plan_url", \.floorPlanURL, most: 2048) }
    static var contactName: Self { text("contact_name", \.contactName, most: 255) }

    private static func text(_ name: String, _ path: WritableKeyPath<ReadListing, String?>, most: Int) -> Self {
        Self(name, path) { text in
            let clean = text.withoutControls.collapsed
            return clean.isEmpty || clean.unicodeScalars.count > most ? nil : clean
        }
    }
}

extension ListingField<Decimal> {
    static var rentNetto: Self { amount("rent_netto", \.rentNetto, below: 100_000_000) }
    static var rentBrutto: Self { amount("rent_brutto", \.rentBrutto, below: 100_000_000) }
    static var additionalCosts: Self { amount("additional_costs", \.additionalCosts, below: 100_000_000) }
    static var deposit: Self { amount("deposit", \.deposit, below: 100_000_000) }
    static var rooms: Self { Self("rooms", \.rooms) { $0 > 0 && $0 < 100 ? $0 : nil } }
    static var livingArea: Self { amount("living_area", \.livingArea, below: 1_000_000) }
    static var totalArea: Self { amount("total_area", \.totalArea, below: 1_000_000) }

    private static func amount(_ name: String, _ path: WritableKeyPath<ReadListing, Decimal?>, below limit: Decimal) -> Self {
        Self(name, path) { $0 >= 0 && $0 < limit ? $0 : nil }
    }
}

extension ListingField<Int> {
    static var bedroomCount: Self { count("bedroom_count", \.bedroomCount, 0...1000) }
    static var bathroomCount: Self { count("bathroom_count", \.bathroomCount, 0...1000) }
    static var totalFloors: Self { count("total_floors", \.totalFloors, 0...200) }
    static var yearBuilt: Self { count("year_built", \.yearBuilt, 1000...2200) }
    static var leaseDurationMin: Self { count("lease_duration_min", \.leaseDurationMin, 0...1200) }
    static var leaseDurationMax: Self { count("lease_duration_max", \.leaseDurationMax, 0...1200) }

    private static func count(_ name: String, _ path: WritableKeyPath<ReadListing, Int?>, _ range: ClosedRange<Int>) -> Self {
        Self(name, path) { range.contains($0) ? $0 : nil }
    }
}

extension ListingField<Double> {
    static var latitude: Self { Self("latitude", \.latitude) { (-90...90).contains($0) && $0 != 0 ? $0 : nil } }
    static var longitude: Self { Self("longitude", \.longitude) { (-180...180).contains($0) && $0 != 0 ? $0 : nil } }
}

extension ListingField<Date> {
    static var providerCreatedAt: Self { Self("provider_created_at", \.providerCreatedAt) }
    static var providerUpdatedAt: Self { Self("provider_updated_at", \.providerUpdatedAt) }
}

extension String {
    /// Without the characters that no database text may hold or no reader sees; line breaks stay.
    var withoutControls: String {
        String(String.UnicodeScalarView(unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" || $0 == "\t" }))
    }
}

extension Character {
    fileprivate var isASCIICapital: Bool { ("A"..."Z").contains(self) }
}
