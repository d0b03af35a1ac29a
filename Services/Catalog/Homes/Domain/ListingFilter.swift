import Foundation
import Hummingbird
import Postgres
import ServiceKit

/// What a search of listings asks for.
struct ListingFilter: Codable, Sendable {
    var text: String?
    var city: String?
    var propertyType: PropertyType?
    var provider: String?
    var minRent: Decimal?
    var maxRent: Decimal?
    var minRooms: Decimal?
    var maxRooms: Decimal?
    var minArea: Decimal?
    var maxArea: Decimal?

    init(_ request: Request) throws {
        text = try request.query("q", maximum: 200)
        city = try request.query("city", maximum: 100)
        propertyType = try request.query("property_type")
        provider = try request.query("provider", maximum: 50)
        minRent = try request.query("min_rent")
        maxRent = try request.query("max_rent")
        minRooms = try request.query("min_rooms")
        maxRooms = try request.query("max_rooms")
        minArea = try request.query("min_area")
        maxArea = try request.query("max_area")
        try checkAmounts()
    }

    private func checkAmounts() throws {
        var check = Validation()
        for (name, amount) in [
            ("min_rent", minRent), ("max_rent", maxRent), ("min_rooms", minRooms), ("max_rooms", maxRooms), ("min_area", minArea),
            ("max_area", maxArea),
        ] {
            if let amount { check(amount >= 0, "query/\(name)", "range", "must not be negative") }
        }
        try check.finish()
    }
}
