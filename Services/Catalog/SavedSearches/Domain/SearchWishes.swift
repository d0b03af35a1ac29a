import Foundation
import Postgres
import ServiceKit

/// The part of a saved search that its owner writes. What a body leaves out takes the default; a change leaves it as it was.
struct SearchWishes: Codable, Sendable, RowDecodable {
    var name: String
    var description: String?
    /// Words, as in a search.
    var q: String?
    var preferredCities: [String]
    var preferredDistricts: [String]
    var excludedCities: [String]
    var excludedDistricts: [String]
    var maxDistanceKm: Int
    var propertyTypes: [PropertyType]
    var furnishingLevels: [FurnishingLevel]
    var provider: String?
    var minRooms: Decimal?
    var maxRooms: Decimal?
    var minArea: Decimal?
    var maxArea: Decimal?
    var minFloor: Int?
    var maxFloor: Int?
    var minRentNetto: Decimal?
    var maxRentNetto: Decimal?
    var maxAdditionalCosts: Decimal?
    var maxDeposit: Decimal?
    var availableFrom: CalendarDay?
    var availableUntil: CalendarDay?
    var minLeaseDuration: Int?
    var maxLeaseDuration: Int?
    var minQualityScore: Decimal
    var requireVerifiedContact: Bool
    var searchFrequency: SearchFrequency
    var isActive: Bool
    var autoApply: Bool
    var tags: [String]
    var notes: String?

    static let columns: SQL = """
        name, description, preferred_cities, preferred_districts, excluded_cities, excluded_districts, max_distance_km,
        property_types, min_rooms, max_rooms, min_area, max_area, min_floor, max_floor, min_rent_netto, max_rent_netto,
        max_additional_costs, max_deposit, available_from, available_until, min_lease_duration, max_lease_duration,
        min_quality_score, require_verified_contact, search_frequency, is_active, auto_apply, tags, notes, q, furnishing_levels, provider
        """

    /// In the order of the columns.
    var values: SQL {
        """
        \(name), \(description), \(preferredCities), \(preferredDistricts), \(excludedCities), \(excludedDistricts), \(maxDistanceKm)::integer,
        \(propertyTypes), \(minRooms), \(maxRooms), \(minArea), \(maxArea), \(minFloor)::integer, \(maxFloor)::integer, \(minRentNetto),
        \(maxRentNetto), \(maxAdditionalCosts), \(maxDeposit), \(availableFrom), \(availableUntil), \(minLeaseDuration)::integer,
        \(maxLeaseDuration)::integer, \(minQualityScore), \(requireVerifiedContact), \(searchFrequency), \(isActive), \(autoApply), \(tags),
        \(notes), \(q), \(furnishingLevels), \(provider)
        """
    }

    init(row: Row) throws {
        name = try row["name"]
        description = try row["description"]
        preferredCities = try row["preferred_cities"]
        preferredDistricts = try row["preferred_districts"]
        excludedCities = try row["excluded_cities"]
        excludedDistricts = try row["excluded_districts"]
        maxDistanceKm = try row["max_distance_km"]
        propertyTypes = try row["property_types"]
        minRooms = try row["min_rooms"]
        maxRooms = try row["max_rooms"]
        minArea = try row["min_area"]
        maxArea = try row["max_area"]
        minFloor = try row["min_floor"]
        maxFloor = try row["max_floor"]
        minRentNetto = try row["min_rent_netto"]
        maxRentNetto = try row["max_rent_netto"]
        maxAdditionalCosts = try row["max_additional_costs"]
        maxDeposit = try row["max_deposit"]
        availableFrom = try row["available_from"]
        availableUntil = try row["available_until"]
        minLeaseDuration = try row["min_lease_duration"]
        maxLeaseDuration = try row["max_lease_duration"]
        minQualityScore = try row["min_quality_score"]
        requireVerifiedContact = try row["require_verified_contact"]
        searchFrequency = try row["search_frequency"]
        isActive = try row["is_active"]
        autoApply = try row["auto_apply"]
        tags = try row["tags"]
        notes = try row["notes"]
        q = try row["q"]
        furnishingLevels = try row["furnishing_levels"]
        provider = try row["provider"]
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        description = try container.decodeIfPresent(String.self, forKey: .description)
        preferredCities = try container.decodeIfPresent([String].self, forKey: .preferredCities) ?? []
        preferredDistricts = try container.decodeIfPresent([String].self, forKey: .preferredDistricts) ?? []
        excludedCities = try container.decodeIfPresent([String].self, forKey: .excludedCities) ?? []
        excludedDistricts = try container.decodeIfPresent([String].self, forKey: .excludedDistricts) ?? []
        maxDistanceKm = try container.decodeIfPresent(Int.self, forKey: .maxDistanceKm) ?? 50
        propertyTypes = try container.decodeIfPresent([PropertyType].self, forKey: .propertyTypes) ?? [.apartment, .house]
        minRooms = try container.decodeIfPresent(Decimal.self, forKey: .minRooms)
        maxRooms = try container.decodeIfPresent(Decimal.self, forKey: .maxRooms)
        minArea = try container.decodeIfPresent(Decimal.self, forKey: .minArea)
        maxArea = try container.decodeIfPresent(Decimal.self, forKey: .maxArea)
        minFloor = try container.decodeIfPresent(Int.self, forKey: .minFloor)
        maxFloor = try container.decodeIfPresent(Int.self, forKey: .maxFloor)
        minRentNetto = try container.decodeIfPresent(Decimal.self, forKey: .minRentNetto)
        maxRentNetto = try container.decodeIfPresent(Decimal.self, forKey: .maxRentNetto)
        maxAdditionalCosts = try container.decodeIfPresent(Decimal.self, forKey: .maxAdditionalCosts)
        maxDeposit = try container.decodeIfPresent(Decimal.self, forKey: .maxDeposit)
        availableFrom = try container.decodeIfPresent(CalendarDay.self, forKey: .availableFrom)
        availableUntil = try container.decodeIfPresent(CalendarDay.self, forKey: .availableUntil)
        minLeaseDuration = try container.decodeIfPresent(Int.self, forKey: .minLeaseDuration)
        maxLeaseDuration = try container.decodeIfPresent(Int.self, forKey: .maxLeaseDuration)
        minQualityScore = try container.decodeIfPresent(Decimal.self, forKey: .minQualityScore) ?? 0.5
        requireVerifiedContact = try container.decodeIfPresent(Bool.self, forKey: .requireVerifiedContact) ?? false
        searchFrequency = try container.decodeIfPresent(SearchFrequency.self, forKey: .searchFrequency) ?? .daily
        isActive = try container.decodeIfPresent(Bool.self, forKey: .isActive) ?? true
        autoApply = try container.decodeIfPresent(Bool.self, forKey: .autoApply) ?? false
        tags = try container.decodeIfPresent([String].self, forKey: .tags) ?? []
        notes = try container.decodeIfPresent(String.self, forKey: .notes)
        q = try container.decodeIfPresent(String.self, forKey: .q)
        furnishingLevels = try container.decodeIfPresent([FurnishingLevel].self, forKey: .furnishingLevels) ?? []
        provider = try container.decodeIfPresent(String.self, forKey: .provider)
    }

    enum CodingKeys: String, CodingKey {
        case name
        case description
        case preferredCities = "preferred_cities"
        case preferredDistricts = "preferred_districts"
        case excludedCities = "excluded_cities"
        case excludedDistricts = "excluded_districts"
        case maxDistanceKm = "max_distance_km"
        case propertyTypes = "property_types"
        case minRooms = "min_rooms"
        case maxRooms = "max_rooms"
        case minArea = "min_area"
        case maxArea = "max_area"
        case minFloor = "min_floor"
        case maxFloor = "max_floor"
        case minRentNetto = "min_rent_netto"
        case maxRentNetto = "max_rent_netto"
        case maxAdditionalCosts = "max_additional_costs"
        case maxDeposit = "max_deposit"
        case availableFrom = "available_from"
        case availableUntil = "available_until"
        case minLeaseDuration = "min_lease_duration"
        case maxLeaseDuration = "max_lease_duration"
        case minQualityScore = "min_quality_score"
        case requireVerifiedContact = "require_verified_contact"
        case searchFrequency = "search_frequency"
        case isActive = "is_active"
        case autoApply = "auto_apply"
        case tags
        case notes
        case q
        case furnishingLevels = "furnishing_levels"
        case provider
    }
}
