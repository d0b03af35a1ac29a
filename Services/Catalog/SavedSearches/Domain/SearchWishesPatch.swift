import Foundation
import Postgres

/// A change of a saved search: what is present is set, null clears, what is absent stays (RFC 7396).
struct SearchWishesPatch: Decodable, Sendable {
    private var changes: [@Sendable (inout SearchWishes) -> Void] = []

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: SearchWishes.CodingKeys.self)
        try set(.name, \.name, container)
        try clearable(.description, \.description, container)
        try set(.preferredCities, \.preferredCities, container)
        try set(.preferredDistricts, \.preferredDistricts, container)
        try set(.excludedCities, \.excludedCities, container)
        try set(.excludedDistricts, \.excludedDistricts, container)
        try set(.maxDistanceKm, \.maxDistanceKm, container)
        try set(.propertyTypes, \.propertyTypes, container)
        try clearable(.minRooms, \.minRooms, container)
        try clearable(.maxRooms, \.maxRooms, container)
        try clearable(.minArea, \.minArea, container)
        try clearable(.maxArea, \.maxArea, container)
        try clearable(.minFloor, \.minFloor, container)
        try clearable(.maxFloor, \.maxFloor, container)
        try clearable(.minRentNetto, \.minRentNetto, container)
        try clearable(.maxRentNetto, \.maxRentNetto, container)
        try clearable(.maxAdditionalCosts, \.maxAdditionalCosts, container)
        try clearable(.maxDeposit, \.maxDeposit, container)
        try clearable(.availableFrom, \.availableFrom, container)
        try clearable(.availableUntil, \.availableUntil, container)
        try clearable(.minLeaseDuration, \.minLeaseDuration, container)
        try clearable(.maxLeaseDuration, \.maxLeaseDuration, container)
        try set(.minQualityScore, \.minQualityScore, container)
        try set(.requireVerifiedContact, \.requireVerifiedContact, container)
        try set(.searchFrequency, \.searchFrequency, container)
        try set(.isActive, \.isActive, container)
        try set(.autoApply, \.autoApply, container)
        try set(.tags, \.tags, container)
        try clearable(.notes, \.notes, container)
        try clearable(.q, \.q, container)
        try set(.furnishingLevels, \.furnishingLevels, container)
        try clearable(.provider, \.provider, container)
    }

    func apply(to wishes: inout SearchWishes) {
        for change in changes { change(&wishes) }
    }

    private mutating func set<Value: Decodable & Sendable>(
        _ key: SearchWishes.CodingKeys, _ field: any WritableKeyPath<SearchWishes, Value> & Sendable,
        _ container: KeyedDecodingContainer<SearchWishes.CodingKeys>
    ) throws {
        guard container.contains(key) else { return }
        let value = try container.decode(Value.self, forKey: key)
        changes.append { $0[keyPath: field] = value }
    }

    private mutating func clearable<Value: Decodable & Sendable>(
        _ key: SearchWishes.CodingKeys, _ field: any WritableKeyPath<SearchWishes, Value?> & Sendable,
        _ container: KeyedDecodingContainer<SearchWishes.CodingKeys>
    ) throws {
        guard container.contains(key) else { return }
        let value = try container.decodeIfPresent(Value.self, forKey: key)
        changes.append { $0[keyPath: field] = value }
    }
}
