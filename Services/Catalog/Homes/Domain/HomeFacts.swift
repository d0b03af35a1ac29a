import Foundation
import Postgres

/// What of a listing tells which flat it is.
struct HomeFacts: Sendable {
    var id: UUID
    var homeID: UUID
    var provider: String
    var isActive: Bool
    var firstSeenAt: Date
    var lastSeenAt: Date
    var title: String
    var description: String?
    var propertyType: String?
    var street: String?
    var houseNumber: String?
    var postalCode: String?
    var city: String?
    var district: String?
    var latitude: Double?
    var longitude: Double?
    var rentNetto: Double?
    var rentBrutto: Double?
    var deposit: Double?
    var rooms: Double?
    var livingArea: Double?
    var floor: String?
    var imageHashes: [UInt64]
}

extension HomeFacts: RowDecodable {
    static let columns: SQL = """
        id, home_id, provider, is_active AND NOT is_archived AS is_active, first_seen_at, last_seen_at, title, left(description, 4000) AS description,
        property_type, street, house_number, postal_code, city, district, ST_Y(location::geometry) AS latitude, ST_X(location::geometry) AS longitude,
        rent_netto::float8, rent_brutto::float8, deposit::float8, rooms::float8, living_area::float8, floor, image_hashes
        """

    init(row: Row) throws {
        id = try row["id"]
        homeID = try row["home_id"]
        provider = try row["provider"]
        isActive = try row["is_active"]
        firstSeenAt = try row["first_seen_at"]
        lastSeenAt = try row["last_seen_at"]
        title = try row["title"]
        description = try row["description"]
        propertyType = try row["property_type"]
        street = try row["street"]
        houseNumber = try row["house_number"]
        postalCode = try row["postal_code"]
        city = try row["city"]
        district = try row["district"]
        latitude = try row["latitude"]
        longitude = try row["longitude"]
        rentNetto = try row["rent_netto"]
        rentBrutto = try row["rent_brutto"]
        deposit = try row["deposit"]
        rooms = try row["rooms"]
        livingArea = try row["living_area"]
        floor = try row["floor"]
        imageHashes = (try row["image_hashes"] as [String]).compactMap { UInt64($0, radix: 16) }
    }
}
