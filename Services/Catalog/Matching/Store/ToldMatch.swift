import Contracts
import Foundation
import Postgres

/// A match that is told now.
struct ToldMatch: RowDecodable {
    var match: ListingMatch
    var userID: UUID
    var searchName: String

    init(row: Row) throws {
        match = try ListingMatch(row: row)
        userID = try row["user_id"]
        searchName = try row["search_name"]
    }

    func event(of listing: ListingSnapshot) -> ListingMatched {
        ListingMatched(
            listing: listing, searchID: match.searchID, searchName: searchName, userID: userID,
            relevanceScore: NSDecimalNumber(decimal: match.relevanceScore).doubleValue,
            shares: match.shares.mapValues { NSDecimalNumber(decimal: $0).doubleValue })
    }
}
