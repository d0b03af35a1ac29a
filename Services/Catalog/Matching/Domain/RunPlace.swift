import Foundation
import Postgres

/// How far a run of a saved search has come: behind this change of this listing.
struct RunPlace: RowDecodable {
    /// As the database writes it: a place must not move by a rounding.
    var changedAt: String
    var listingID: UUID

    /// Before all that changed after a time.
    init(since time: Date) {
        changedAt = time.ISO8601Format()
        listingID = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    }

    init(row: Row) throws {
        changedAt = try row["changed_at"]
        listingID = try row["listing_id"]
    }
}
