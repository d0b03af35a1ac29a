import Foundation
import Postgres
import ServiceKit

/// A home on offer, as its provider's page states it. Amounts per month in `currency`, areas in square metres, lease durations in months.
struct Listing: Codable, Sendable, Versioned, RowDecodable {
    var id: UUID
    var provider: String
    var providerListingID: String
    var providerURL: String?
    var providerCreatedAt: Date?
    var providerUpdatedAt: Date?
    var title: String
    var description: String?
    var propertyType: String?
    var furnishingLevel: String?
    var street: String?
    var houseNumber: String?
    var postalCode: String?
    var city: String?
    var district: String?
    var latitude: Double?
    var longitude: Double?
    var rentNetto: Decimal?
    var rentBrutto: Decimal?
    var additionalCosts: Decimal?
    var deposit: Decimal?
    var currency: String
    var rooms: Decimal?
    var bedroomCount: Int?
    var bathroomCount: Int?
    var livingArea: Decimal?
    var totalArea: Decimal?
    var floor: String?
    var totalFloors: Int?
    var yearBuilt: Int?
    var condition: String?
    var availableFrom: CalendarDay?
    var availableUntil: CalendarDay?
    var leaseDurationMin: Int?
    var leaseDurationMax: Int?
    var images: [String]
    var virtualTourURL: String?
    var floorPlanURL: String?
    var contactName: String?
    /// Whether the page states one; the values themselves are sealed, and read as contacts.
    var hasContactPhone: Bool
    var hasContactEmail: Bool
    var isProcessed: Bool
    var processingErrors: [String]
    var lastProcessedAt: Date?
    var listingQualityScore: Decimal
    var relevanceScore: Decimal
    var isActive: Bool
    var isArchived: Bool
    var createdAt: Date
    var updatedAt: Date
    var firstSeenAt: Date
    var lastSeenAt: Date
    var version: Int64
    /// What listings of the same flat have in common, on whatever portal.
    var homeID: UUID

    static let columns: SQL = """
        id, provider, provider_listing_id, provider_url, provider_created_at, provider_updated_at, title, description, property_type, furnishing_level,
        street, house_number, postal_code, city, district, ST_Y(location::geometry) AS latitude, ST_X(location::geometry) AS longitude,
        rent_netto, rent_brutto, additional_costs, deposit, currency, rooms, bedroom_count, bathroom_count, living_area, total_area, floor,
        total_floors, year_built, condition, available_from, available_until, lease_duration_min, lease_duration_max, images, virtual_tour_url,
        floor_plan_url, contact_name, contact_phone_encrypted IS NOT NULL AS has_contact_phone, contact_email_encrypted IS NOT NULL AS has_contact_email,
        is_processed, processing_errors, last_processed_at, listing_quality_score, relevance_score, is_active, is_archived, created_at,
        updated_at, first_seen_at, last_seen_at, version, home_id
        """

    init(row: Row) throws {
        id = try row["id"]
        provider = try row["provider"]
        providerListingID = try row["provider_listing_id"]
        providerURL = try row["provider_url"]
        providerCreatedAt = try row["provider_created_at"]
        providerUpdatedAt = try row["provider_updated_at"]
        title = try row["title"]
        description = try row["description"]
        propertyType = try row["property_type"]
        furnishingLevel = try row["furnishing_level"]
        street = try row["street"]
        houseNumber = try row["house_number"]
        postalCode = try row["postal_code"]
        city = try row["city"]
        district = try row["district"]
        latitude = try row["latitude"]
        longitude = try row["longitude"]
        rentNetto = try row["rent_netto"]
        rentBrutto = try row["rent_brutto"]
        additionalCosts = try row["additional_costs"]
        deposit = try row["deposit"]
        currency = try row["currency"]
        rooms = try row["rooms"]
        bedroomCount = try row["bedroom_count"]
        bathroomCount = try row["bathroom_count"]
        livingArea = try row["living_area"]
        totalArea = try row["total_area"]
        floor = try row["floor"]
        totalFloors = try row["total_floors"]
        yearBuilt = try row["year_built"]
        condition = try row["condition"]
        availableFrom = try row["available_from"]
        availableUntil = try row["available_until"]
        leaseDurationMin = try row["lease_duration_min"]
        leaseDurationMax = try row["lease_duration_max"]
        images = try row["images"]
        virtualTourURL = try row["virtual_tour_url"]
        floorPlanURL = try row["floor_plan_url"]
        contactName = try row["contact_name"]
        hasContactPhone = try row["has_contact_phone"]
        hasContactEmail = try row["has_contact_email"]
        isProcessed = try row["is_processed"]
        processingErrors = try row["processing_errors"]
        lastProcessedAt = try row["last_processed_at"]
        listingQualityScore = try row["listing_quality_score"]
        relevanceScore = try row["relevance_score"]
        isActive = try row["is_active"]
        isArchived = try row["is_archived"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
        firstSeenAt = try row["first_seen_at"]
        lastSeenAt = try row["last_seen_at"]
        version = try row["version"]
        homeID = try row["home_id"]
    }

    enum CodingKeys: String, CodingKey {
        case id, provider
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
        case virtualTourURL = "virtual_tour_url"
        case floorPlanURL = "floor_plan_url"
        case contactName = "contact_name"
        case hasContactPhone = "has_contact_phone"
        case hasContactEmail = "has_contact_email"
        case isProcessed = "is_processed"
        case processingErrors = "processing_errors"
        case lastProcessedAt = "last_processed_at"
        case listingQualityScore = "listing_quality_score"
        case relevanceScore = "relevance_score"
        case isActive = "is_active"
        case isArchived = "is_archived"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case firstSeenAt = "first_seen_at"
        case lastSeenAt = "last_seen_at"
        case version
        case homeID = "home_id"
    }
}
