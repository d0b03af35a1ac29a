import Foundation
import Hummingbird
import Postgres
import ServiceKit

/// What somebody looks for: every criterion of a saved search, and words. A bound asks for a stated fact: what a page does not state is not within it; only
/// days and lease durations that are not stated are open.
struct ListingQuestion: Codable, Sendable, Hashable {
    var text: String?
    var cities: [String] = []
    var districts: [String] = []
    var excludedCities: [String] = []
    var excludedDistricts: [String] = []
    var latitude: Double?
    var longitude: Double?
    /// From the point, or from the centre of one of the cities.
    var maxDistanceKm: Double?
    var propertyTypes: [PropertyType] = []
    var furnishingLevels: [FurnishingLevel] = []
    var provider: String?
    var minRent: Decimal?
    var maxRent: Decimal?
    var maxAdditionalCosts: Decimal?
    var maxDeposit: Decimal?
    var minRooms: Decimal?
    var maxRooms: Decimal?
    var minArea: Decimal?
    var maxArea: Decimal?
    var minFloor: Int?
    var maxFloor: Int?
    /// Free at some time from the one day to the other.
    var availableFrom: CalendarDay?
    var availableUntil: CalendarDay?
    /// Months for which it is let, at least and at most.
    var minLeaseDuration: Int?
    var maxLeaseDuration: Int?
    var minQuality: Decimal?
    var requireVerifiedContact = false

    init() {}

    init(_ request: Request) throws {
        text = try request.query("q", maximum: 200)
        cities = try Self.places("city", 50, request)
        districts = try Self.places("district", 100, request)
        excludedCities = try Self.places("exclude_city", 50, request)
        excludedDistricts = try Self.places("exclude_district", 100, request)
        latitude = try request.query("latitude")
        longitude = try request.query("longitude")
        maxDistanceKm = try request.query("max_distance_km")
        propertyTypes = try request.queries("property_type")
        furnishingLevels = try request.queries("furnishing_level")
        provider = try request.query("provider", maximum: 50)
        minRent = try request.query("min_rent")
        maxRent = try request.query("max_rent")
        maxAdditionalCosts = try request.query("max_additional_costs")
        maxDeposit = try request.query("max_deposit")
        minRooms = try request.query("min_rooms")
        maxRooms = try request.query("max_rooms")
        minArea = try request.query("min_area")
        maxArea = try request.query("max_area")
        minFloor = try request.query("min_floor")
        maxFloor = try request.query("max_floor")
        availableFrom = try request.query("available_from")
        availableUntil = try request.query("available_until")
        minLeaseDuration = try request.query("min_lease_duration")
        maxLeaseDuration = try request.query("max_lease_duration")
        minQuality = try request.query("min_quality_score")
        requireVerifiedContact = try request.query("require_verified_contact") ?? false
        try Validation.check(self)
    }

    private static func places(_ name: String, _ maximum: Int, _ request: Request) throws -> [String] {
        let places = try request.queries(name, as: String.self)
        var check = Validation()
        check(places.count <= maximum, "query/\(name)", "too-many", "may be given at most \(maximum) times")
        check(places.allSatisfy { (1...100).contains($0.unicodeScalars.count) }, "query/\(name)", "length", "must be 1 to 100 characters long")
        try check.finish()
        return places
    }
}

extension ListingQuestion: Validated {
    func validate(_ check: inout Validation) {
        check(propertyTypes.count <= 20, "query/property_type", "too-many", "may be given at most 20 times")
        check(furnishingLevels.count <= 20, "query/furnishing_level", "too-many", "may be given at most 20 times")
        check.range(latitude, "query/latitude", -90...90)
        check.range(longitude, "query/longitude", -180...180)
        check(
            (latitude == nil) == (longitude == nil), latitude == nil ? "query/latitude" : "query/longitude", "required",
            "is the other half of a point")
        check.range(maxDistanceKm, "query/max_distance_km", 0...1000)
        check(
            maxDistanceKm == nil || latitude != nil || !cities.isEmpty, "query/max_distance_km", "required",
            "needs latitude and longitude, or a city, to be measured from")
        for (name, amount) in [
            ("min_rent", minRent), ("max_rent", maxRent), ("max_additional_costs", maxAdditionalCosts), ("max_deposit", maxDeposit),
            ("min_rooms", minRooms), ("max_rooms", maxRooms), ("min_area", minArea), ("max_area", maxArea),
        ] {
            check.range(amount, "query/\(name)", 0...99_999_999)
        }
        check.range(minFloor, "query/min_floor", -20...500)
        check.range(maxFloor, "query/max_floor", -20...500)
        check.range(minLeaseDuration, "query/min_lease_duration", 0...1200)
        check.range(maxLeaseDuration, "query/max_lease_duration", 0...1200)
        check.range(minQuality, "query/min_quality_score", 0...1)
    }
}

extension CalendarDay: QueryValue {
    public init?(query: String) { self.init(query) }
    public static var expectation: String { "a day such as 2026-11-21" }
}
