import Foundation
import Postgres

/// A row of `listing_search` that fits, with what it is ordered by.
struct FoundListing: RowDecodable {
    let id: UUID
    let price: Decimal?
    /// How far it is, in radii of the earth, straight through it.
    let distance: Double?
    let rank: Double?

    init(row: Row) throws {
        id = try row["listing_id"]
        price = try row["price"]
        distance = try row["distance"]
        rank = row.has("rank") ? try row["rank"] : nil
    }

    func place(_ sort: ListingSort, newest: UUID? = nil) -> SearchPlace {
        SearchPlace(sort: sort, id: id, price: price, distance: distance, rank: rank, newest: newest)
    }
}
