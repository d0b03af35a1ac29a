import Foundation

/// A listing as its page states it, normalised. What the page does not state is nil, never guessed. Amounts are in `currency` per month, areas
/// in square metres, lease durations in months, days as `YYYY-MM-DD`.
public struct ReadListing: Codable, Sendable, Hashable {
    /// `immoscout`, `wg_gesucht`, …
    public var provider: String
    public var providerListingID: String
    public var providerURL: String?
    public var providerCreatedAt: Date?
    public var providerUpdatedAt: Date?
    public var title: String
    public var description: String?
    /// apartment, house, room, studio
    public var propertyType: String?
    /// furnished, partially_furnished, unfurnished
    public var furnishingLevel: String?
    public var street: String?
    public var houseNumber: String?
    public var postalCode: String?
    public var city: String?
    public var district: String?
    public var latitude: Double?
    public var longitude: Double?
    public var rentNetto: Decimal?
    public var rentBrutto: Decimal?
    public var additionalCosts: Decimal?
    public var deposit: Decimal?
    public var currency: String?
    public var rooms: Decimal?
    public var bedroomCount: Int?
    public var bathroomCount: Int?
    public var livingArea: Decimal?
    public var totalArea: Decimal?
    public var floor: String?
    public var totalFloors: Int?
    public var yearBuilt: Int?
    /// new, renovated, good, needs_renovation
    public var condition: String?
    public var availableFrom: String?
    public var availableUntil: String?
    public var leaseDurationMin: Int?
    public var leaseDurationMax: Int?
    public var images: [String]
    /// Difference hashes (64 bits, sixteen hexadecimal digits) of those images that were fetched: pictures that look alike differ in few bits.
    public var imageHashes: [String]?
    public var virtualTourURL: String?
    public var floorPlanURL: String?
    public var contactName: String?
    /// Sealed by `Encryption` with the context `catalog.listings.contact_phone`, base64.
    public var contactPhoneSealed: String?
    /// Sealed by `Encryption` with the context `catalog.listings.contact_email`, base64.
    public var contactEmailSealed: String?

    public init(provider: String, providerListingID: String, title: String, images: [String] = []) {
        self.provider = provider
        self.providerListingID = providerListingID
        self.title = title
        self.images = images
    }

    enum CodingKeys: String, CodingKey {
        case provider
        case providerListingID = "provider_listing_id"
        case providerURL = "provider_url"
        case providerCreatedAt = "provider_created_at"
        case providerUpdatedAt = "provider_updated_at"
        case title, description
        case propertyType = "property_type"
        case furnishingLevel = "furnishing_level"
        case street
        case houseNumber = "house_number"
        case postalCode = "postal_code"
        case city, district, latitude, longitude
        case rentNetto = "rent_netto"
        case rentBrutto = "rent_brutto"
        case additionalCosts = "additional_costs"
        case deposit, currency, rooms
        case bedroomCount = "bedroom_count"
        case bathroomCount = "bathroom_count"
        case livingArea = "living_area"
        case totalArea = "total_area"
        case floor
        case totalFloors = "total_floors"
        case yearBuilt = "year_built"
        case condition
        case availableFrom = "available_from"
        case availableUntil = "available_until"
        case leaseDurationMin = "lease_duration_min"
        case leaseDurationMax = "lease_duration_max"
        case images
        case imageHashes = "image_hashes"
        case virtualTourURL = "virtual_tour_url"
        case floorPlanURL = "floor_plan_url"
        case contactName = "contact_name"
        case contactPhoneSealed = "contact_phone_sealed"
        case contactEmailSealed = "contact_email_sealed"
    }
}
