import Foundation
import ServiceKit

extension SearchWishes: Validated {
    /// The rules that the table holds too, told here by field.
    func validate(_ check: inout Validation) {
        check.text(name, "/name", maximum: 255)
        check.text(description, "/description", maximum: 2000)
        check.text(notes, "/notes", maximum: 5000)
        check.text(q, "/q", maximum: 200)
        check.text(provider, "/provider", maximum: 50)
        check(furnishingLevels.count <= 20, "/furnishing_levels", "too-many", "has more than 20 entries")
        places(preferredCities, "/preferred_cities", maximum: 50, &check)
        places(preferredDistricts, "/preferred_districts", maximum: 100, &check)
        places(excludedCities, "/excluded_cities", maximum: 50, &check)
        places(excludedDistricts, "/excluded_districts", maximum: 100, &check)
        places(tags, "/tags", maximum: 50, &check)
        check(propertyTypes.count <= 20, "/property_types", "too-many", "has more than 20 entries")
        check.range(maxDistanceKm, "/max_distance_km", 0...1000)
        check.range(minQualityScore, "/min_quality_score", 0...1)
        bounds(minRooms, maxRooms, "rooms", 0...99, &check)
        bounds(minArea, maxArea, "area", 0...100_000, &check)
        bounds(minFloor, maxFloor, "floor", -20...500, &check)
        bounds(minRentNetto, maxRentNetto, "rent_netto", 0...10_000_000, &check)
        bounds(minLeaseDuration, maxLeaseDuration, "lease_duration", 0...1200, &check)
        check.range(maxAdditionalCosts, "/max_additional_costs", 0...10_000_000)
        check.range(maxDeposit, "/max_deposit", 0...10_000_000)
        if let availableFrom, let availableUntil {
            check(availableFrom <= availableUntil, "/available_until", "range", "is before available_from")
        }
    }

    private func places(_ values: [String], _ pointer: String, maximum: Int, _ check: inout Validation) {
        check(values.count <= maximum, pointer, "too-many", "has more than \(maximum) entries")
        for (index, value) in values.prefix(maximum).enumerated() { check.text(value, "\(pointer)/\(index)", maximum: 100) }
    }

    private func bounds<Value: Comparable & Sendable>(
        _ minimum: Value?, _ maximum: Value?, _ name: String, _ allowed: ClosedRange<Value>, _ check: inout Validation
    ) {
        check.range(minimum, "/min_\(name)", allowed)
        check.range(maximum, "/max_\(name)", allowed)
        if let minimum, let maximum { check(minimum <= maximum, "/max_\(name)", "range", "is below min_\(name)") }
    }
}
