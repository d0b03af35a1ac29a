import Foundation
import Postgres

/// A row of `listing_search` that fits, with what it is ordered by.
struct FoundListing: RowDecodable {
    let id: UUID
    let price: Decimal?
    let metres: Double?
    let rank: Double?

    init(row: Row) throws {
        id = try row["listing_id"]
        price = try row["price"]
        metres = try row["metres"]
        rank = row.has("rank") ? try row["rank"] : nil
    }

    func place(_ sort: ListingSort, newest: UUID? = nil) -> SearchPlace {
        SearchPlace(sort: sort, id: id, price: price, distance: metres, rank: rank, newest: newest)
    }
}
