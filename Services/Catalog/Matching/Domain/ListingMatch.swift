import Foundation
import Postgres

/// How well a listing fits a saved search, explained: what each criterion added. `relevance_score` is their sum, 0 to 1.
struct ListingMatch: Codable, Sendable, RowDecodable {
    var listingID: UUID
    var searchID: UUID
    var relevanceScore: Decimal
    /// By criterion: city (or its distance), type, rent, rooms, and those optional ones that have a weight.
    var shares: [String: Decimal]
    /// It is excluded, too far away, or beyond a limit: no match, whatever it scores.
    var isRuledOut: Bool
    var scoredAt: Date
    /// When it was told; null while it has not been.
    var matchedAt: Date?

    /// Of `listing_matches`.
    static let columns: SQL = "listing_id, search_id, relevance_score, \(shares) AS shares, false AS is_ruled_out, scored_at, matched_at"

    static let shares: SQL = """
        (jsonb_build_object('city', city_share, 'type', type_share, 'rent', rent_share, 'rooms', rooms_share) || other_shares)
        """

    init(row: Row) throws {
        listingID = try row["listing_id"]
        searchID = try row["search_id"]
        relevanceScore = try row["relevance_score"]
        shares = try row.json("shares")
        isRuledOut = try row["is_ruled_out"]
        scoredAt = try row["scored_at"]
        matchedAt = try row["matched_at"]
    }

    enum CodingKeys: String, CodingKey {
        case listingID = "listing_id"
        case searchID = "search_id"
        case relevanceScore = "relevance_score"
        case shares
        case isRuledOut = "is_ruled_out"
        case scoredAt = "scored_at"
        case matchedAt = "matched_at"
    }
}
