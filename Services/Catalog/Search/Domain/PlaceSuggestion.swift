import Postgres
import ServiceKit

/// A city, or a district of one, that somebody may mean.
struct PlaceSuggestion: Codable, Sendable, RowDecodable {
    enum Kind: String, WireEnumeration { case city, district }

    var kind: Kind
    var name: String
    var city: String
    /// On offer there, when they were last counted.
    var listings: Int
    var latitude: Double?
    var longitude: Double?

    static let columns: SQL = """
        district_key = '' AS is_city, name, city_name, listings, ST_Y(location::geometry) AS latitude, ST_X(location::geometry) AS longitude
        """

    init(row: Row) throws {
        kind = try row["is_city"] ? .city : .district
        name = try row["name"]
        city = try row["city_name"]
        listings = try row["listings"]
        latitude = try row["latitude"]
        longitude = try row["longitude"]
    }
}
