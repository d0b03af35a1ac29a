import Foundation
import Postgres
import ServiceKit

/// What a moderator has ruled: these listings are one home, or are not.
struct HomeRuling: Codable, Sendable, Versioned, RowDecodable {
    enum Kind: String, PostgresEnumeration, WireEnumeration {
        case joined, split
    }

    var id: UUID
    var ruling: Kind
    /// The home that the listings have by it.
    var homeID: UUID
    var listingIDs: [UUID]
    /// The homes they had, in the order of the listings.
    var homesBefore: [UUID]
    var reason: String
    var ruledAt: Date
    var undoneAt: Date?
    var version: Int64

    static let columns: SQL = "id, ruling, home_id, listing_ids, homes_before, reason, ruled_at, undone_at, version"

    init(row: Row) throws {
        id = try row["id"]
        ruling = try row["ruling"]
        homeID = try row["home_id"]
        listingIDs = try row["listing_ids"]
        homesBefore = try row["homes_before"]
        reason = try row["reason"]
        ruledAt = try row["ruled_at"]
        undoneAt = try row["undone_at"]
        version = try row["version"]
    }

    enum CodingKeys: String, CodingKey {
        case id, ruling
        case homeID = "home_id"
        case listingIDs = "listing_ids"
        case homesBefore = "homes_before"
        case reason
        case ruledAt = "ruled_at"
        case undoneAt = "undone_at"
        case version
    }
}
