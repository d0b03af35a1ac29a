import Contracts
import Postgres

extension ListingSnapshot: RowDecodable {
    static let columns: SQL = """
        id, provider, provider_listing_id, provider_url, title, property_type, street, house_number, postal_code, city, district, rent_netto,
        rent_brutto, currency, rooms, living_area, available_from, images[1] AS image_url, version, home_id
        """

    public init(row: Row) throws {
        self.init(
            id: try row["id"], provider: try row["provider"], providerListingID: try row["provider_listing_id"],
            providerURL: try row["provider_url"], title: try row["title"], propertyType: try row["property_type"], street: try row["street"],
            houseNumber: try row["house_number"], postalCode: try row["postal_code"], city: try row["city"], district: try row["district"],
            rentNetto: try row["rent_netto"], rentBrutto: try row["rent_brutto"], currency: try row["currency"], rooms: try row["rooms"],
            livingArea: try row["living_area"], availableFrom: (try row["available_from"] as CalendarDay?)?.description,
            imageURL: try row["image_url"], version: try row["version"], homeID: try row["home_id"])
    }
}
