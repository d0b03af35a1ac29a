import Foundation
import Postgres

/// How well a listing fits a saved search, explained: what each criterion added. `relevance_score` is their sum, 0 to 1.
struct ListingMatch: Codable, Sendable, RowDecodable {
    var listingID: UUID
    var searchID: UUID
    var relevanceScore: Decimal
    var shares: Shares
    var scoredAt: Date
    /// When it was told; null while it has not reached the threshold.
    var matchedAt: Date?

    struct Shares: Codable, Sendable {
        var city: Decimal
        var type: Decimal
        var rent: Decimal
        var rooms: Decimal

        var byCriterion: [String: Double] {
            ["city": city, "type": type, "rent": rent, "rooms": rooms].mapValues { NSDecimalNumber(decimal: $0).doubleValue }
        }
    }

    static let columns: SQL = """
        listing_id, search_id, relevance_score, city_share, type_share, rent_share, rooms_share, scored_at, matched_at
        """

    init(row: Row) throws {
        listingID = try row["listing_id"]
        searchID = try row["search_id"]
        relevanceScore = try row["relevance_score"]
        shares = Shares(
            city: try row["city_share"], type: try row["type_share"], rent: try row["rent_share"], rooms: try row["rooms_share"])
        scoredAt = try row["scored_at"]
        matchedAt = try row["matched_at"]
    }

    enum CodingKeys: String, CodingKey {
        case listingID = "listing_id"
        case searchID = "search_id"
        case relevanceScore = "relevance_score"
        case shares
        case scoredAt = "scored_at"
        case matchedAt = "matched_at"
    }
}
