import Contracts
import Foundation

/// What a later sighting of a listing changes.
///
/// A fact that the page no longer states stays as it was: a reader that misses a field must not erase it.
struct Sighting {
    /// The facts after the sighting.
    private(set) var facts: ReadListing
    /// The columns that differ, in the order of the table.
    private(set) var changedFields: [String] = []

    init(of seen: ReadListing, on known: ReadListing) {
        facts = known
        take(seen.title, \.title, "title")
        take(seen.providerURL, \.providerURL, "provider_url")
        take(seen.providerCreatedAt, \.providerCreatedAt, "provider_created_at")
        take(seen.providerUpdatedAt, \.providerUpdatedAt, "provider_updated_at")
        take(seen.description, \.description, "description")
        take(seen.propertyType, \.propertyType, "property_type")
        take(seen.furnishingLevel, \.furnishingLevel, "furnishing_level")
        take(seen.street, \.street, "street")
        take(seen.houseNumber, \.houseNumber, "house_number")
        take(seen.postalCode, \.postalCode, "postal_code")
        take(seen.city, \.city, "city")
        take(seen.district, \.district, "district")
        if seen.latitude != nil, seen.longitude != nil, seen.latitude != known.latitude || seen.longitude != known.longitude {
            facts.latitude = seen.latitude
            facts.longitude = seen.longitude
            changedFields.append("location")
        }
        take(seen.rentNetto, \.rentNetto, "rent_netto")
        take(seen.rentBrutto, \.rentBrutto, "rent_brutto")
        take(seen.additionalCosts, \.additionalCosts, "additional_costs")
        take(seen.deposit, \.deposit, "deposit")
        take(seen.currency, \.currency, "currency")
        take(seen.rooms, \.rooms, "rooms")
        take(seen.bedroomCount, \.bedroomCount, "bedroom_count")
        take(seen.bathroomCount, \.bathroomCount, "bathroom_count")
        take(seen.livingArea, \.livingArea, "living_area")
        take(seen.totalArea, \.totalArea, "total_area")
        take(seen.floor, \.floor, "floor")
        take(seen.totalFloors, \.totalFloors, "total_floors")
        take(seen.yearBuilt, \.yearBuilt, "year_built")
        take(seen.condition, \.condition, "condition")
        take(seen.availableFrom, \.availableFrom, "available_from")
        take(seen.availableUntil, \.availableUntil, "available_until")
        take(seen.leaseDurationMin, \.leaseDurationMin, "lease_duration_min")
        take(seen.leaseDurationMax, \.leaseDurationMax, "lease_duration_max")
        if !seen.images.isEmpty { take(seen.images, \.images, "images") }
        if seen.imageHashes?.isEmpty == false { take(seen.imageHashes, \.imageHashes, "image_hashes") }
        take(seen.virtualTourURL, \.virtualTourURL, "virtual_tour_url")
        take(seen.floorPlanURL, \.floorPlanURL, "floor_plan_url")
        take(seen.contactName, \.contactName, "contact_name")
    }

    /// The sealed form of a value differs each time it is sealed, so the caller compares what is inside and says so here.
    mutating func takeSealed(phone: String?, email: String?) {
        take(phone, \.contactPhoneSealed, "contact_phone_encrypted")
        take(email, \.contactEmailSealed, "contact_email_encrypted")
    }

    private mutating func take<Value: Equatable>(_ seen: Value?, _ field: WritableKeyPath<ReadListing, Value?>, _ column: String) {
        guard let seen, facts[keyPath: field] != seen else { return }
        facts[keyPath: field] = seen
        changedFields.append(column)
    }

    private mutating func take<Value: Equatable>(_ seen: Value, _ field: WritableKeyPath<ReadListing, Value>, _ column: String) {
        guard facts[keyPath: field] != seen else { return }
        facts[keyPath: field] = seen
        changedFields.append(column)
    }
}

extension ReadListing {
    /// Why this listing cannot be matched; empty when it can.
    var processingErrors: [String] { city == nil ? ["the page states no city"] : [] }
}
