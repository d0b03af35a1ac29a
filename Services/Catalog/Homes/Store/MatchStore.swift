import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Scores per (listing, saved search).
struct MatchStore {
    let postgres: Postgres
    /// The relevance from which a match is told.
    let relevance: LiveValue<Decimal>

    init(postgres: Postgres, threshold: LiveValue<Decimal>) {
        self.postgres = postgres
        relevance = threshold
    }

    private var threshold: Decimal { relevance.current }

    /// Scores one listing against the saved searches that may want it, and publishes each match that reaches the threshold for the first time.
    ///
    /// Searches are found by index: those that name its city or no city, and those elsewhere whose rent range holds its rent, since without the city's share
    /// only full marks for all the rest reach the threshold.
    func score(listing id: UUID, in tx: Transaction) async throws {
        let told: [Told] = try await tx.all(
            """
            WITH listing AS (
                SELECT l.*, l AS whole, coalesce(rent_netto, rent_brutto - coalesce(additional_costs, 0)) AS rent
                FROM listings l WHERE id = \(id) AND is_active AND NOT is_archived AND is_processed AND removed_at IS NULL
            ), candidates AS (
                SELECT s.id FROM listing l JOIN search_criteria s ON s.is_active AND s.city_keys @> ARRAY[l.city_key]
                UNION SELECT s.id FROM search_criteria s WHERE s.is_active AND s.city_keys = '{}'
                UNION SELECT s.id FROM listing l
                    JOIN search_criteria s ON s.is_active AND numrange(s.min_rent_netto, s.max_rent_netto, '[]') @> l.rent
            ), scored AS (
                SELECT l.id AS listing_id, s.id AS search_id, s.user_id, s.name, shares.*, \(Self.mayTell) AS may_tell
                FROM candidates JOIN search_criteria s USING (id) CROSS JOIN listing l CROSS JOIN LATERAL relevance_shares(l.whole, s) AS shares
                WHERE \(Self.notExcluded)
            ), outdated AS (
                -- Pairs that fitted once and are scored no more: nobody is shown them, and who was told stays known.
                UPDATE listing_matches SET city_share = 0, type_share = 0, rent_share = 0, rooms_share = 0, scored_at = now()
                WHERE listing_id = \(id) AND search_id NOT IN (SELECT search_id FROM scored WHERE \(Self.worthKeeping(threshold)))
            ), held AS (
                -- A search that is being given up is waited for, and then is none.
                SELECT s.id AS search_id FROM search_criteria s
                WHERE s.id IN (SELECT search_id FROM scored WHERE \(Self.worthKeeping(threshold))) ORDER BY s.id FOR KEY SHARE
            ), \(Self.kept(threshold, of: "scored JOIN held USING (search_id)"))
            SELECT kept.*, scored.name AS search_name FROM kept JOIN scored USING (search_id) WHERE kept.matched_at = now()
            """)
        try await rank(id, in: tx)
        guard !told.isEmpty, let listing: ListingSnapshot = try await tx.first("SELECT \(ListingSnapshot.columns) FROM listings WHERE id = \(id)")
        else { return }
        try await tx.publish(
            told.map { match in
                ListingMatched(
                    listing: listing, searchID: match.match.searchID, searchName: match.searchName, userID: match.userID,
                    relevanceScore: NSDecimalNumber(decimal: match.match.relevanceScore).doubleValue, shares: match.match.shares.byCriterion)
            })
    }

    /// Scores a new or changed search against the newest active listings, so that its owner sees at once what is there. Those are shown, not
    /// told: nobody wants a mail for each of them.
    func score(search id: UUID, newest: Int = 500, in tx: Transaction) async throws {
        _ = try await tx.batch([
            // Before its matches, as whoever gives the search up does; the next statements see what that has left.
            "SELECT id FROM search_criteria WHERE id = \(id) FOR NO KEY UPDATE",
            "DELETE FROM listing_matches WHERE search_id = \(id) AND matched_at IS NULL",
            // What was told stays known, so that it is not told again, but counts for nothing unless it still fits.
            "UPDATE listing_matches SET city_share = 0, type_share = 0, rent_share = 0, rooms_share = 0, scored_at = now() WHERE search_id = \(id)",
            """
            WITH chosen AS (
                (SELECT l.id FROM search_criteria s CROSS JOIN LATERAL (
                    SELECT id FROM listings WHERE is_active AND NOT is_archived AND is_processed AND removed_at IS NULL
                        AND (s.city_keys = '{}' OR city_key = ANY (s.city_keys))
                    ORDER BY id DESC LIMIT \(newest)) AS l
                 WHERE s.id = \(id))
                UNION SELECT listing_id FROM listing_matches WHERE search_id = \(id)
            ), scored AS (
                SELECT l.id AS listing_id, s.id AS search_id, s.user_id, shares.*, false AS may_tell
                FROM search_criteria s
                CROSS JOIN chosen
                JOIN listings l ON l.id = chosen.id AND l.is_active AND NOT l.is_archived AND l.is_processed AND l.removed_at IS NULL
                CROSS JOIN LATERAL relevance_shares(l, s) AS shares
                WHERE s.id = \(id) AND s.is_active AND \(Self.notExcluded)
            ), \(Self.kept(threshold, of: "scored"))
            SELECT count(*) FROM kept
            """,
        ])
    }

    /// The matches of one saved search that reach the threshold, best first.
    func matches(of search: UUID, page: PageRequest<MatchCursor>, as caller: Caller) async throws -> Page<ListingMatch> {
        let after: SQL = page.after.map { "AND (relevance_score, listing_id) < (\($0.relevanceScore), \($0.listingID))" } ?? ""
        let rows: [ListingMatch] = try await postgres.all(
            as: caller,
            """
            SELECT \(ListingMatch.columns) FROM listing_matches
            WHERE search_id = \(search) AND relevance_score >= \(threshold) \(after)
            ORDER BY relevance_score DESC, listing_id DESC LIMIT \(page.limit + 1)
            """)
        return Page(rows, limit: page.limit) { MatchCursor(relevanceScore: $0.relevanceScore, listingID: $0.listingID) }
    }

    /// The caller's own matches of one listing: why it was told, or why not. At most as many as a person may have searches.
    func matches(of listing: UUID, for caller: Caller) async throws -> [ListingMatch] {
        try await postgres.all(
            as: caller,
            """
            SELECT \(ListingMatch.columns) FROM listing_matches WHERE listing_id = \(listing) AND user_id = \(caller.userID)
            ORDER BY relevance_score DESC, search_id LIMIT \(SearchCriteriaStore.maximumPerUser)
            """)
    }

    /// Keeps the best relevance of any search on the listing.
    private func rank(_ listing: UUID, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE listings SET relevance_score = best.score
            FROM (SELECT coalesce(max(relevance_score), 0) AS score FROM listing_matches WHERE listing_id = \(listing)) AS best
            WHERE id = \(listing) AND relevance_score <> best.score
            """)
    }

    private static let notExcluded: SQL = """
        coalesce(l.city_key <> ALL (s.excluded_city_keys), true) AND coalesce(l.district_key <> ALL (s.excluded_district_keys), true)
        """

    /// The floors that a search sets on what is told. Nothing counts as a verified contact before contacts are verified.
    private static let mayTell: SQL = "(l.listing_quality_score >= s.min_quality_score AND NOT s.require_verified_contact)"

    /// Those in a wanted city, and those that reach the threshold anyway.
    private static func worthKeeping(_ threshold: Decimal) -> SQL {
        "(city_share > 0 OR city_share + type_share + rent_share + rooms_share >= \(threshold))"
    }

    /// Stores the pairs worth keeping.
    private static func kept(_ threshold: Decimal, of source: SQL) -> SQL {
        let reached: SQL = "(may_tell AND city_share + type_share + rent_share + rooms_share >= \(threshold))"
        return """
            kept AS (
                INSERT INTO listing_matches AS known
                    (listing_id, search_id, user_id, city_share, type_share, rent_share, rooms_share, matched_at)
                SELECT listing_id, search_id, user_id, city_share, type_share, rent_share, rooms_share, CASE WHEN \(reached) THEN now() END
                FROM \(source) WHERE \(worthKeeping(threshold))
                ON CONFLICT (listing_id, search_id) DO UPDATE SET
                    city_share = excluded.city_share, type_share = excluded.type_share, rent_share = excluded.rent_share,
                    rooms_share = excluded.rooms_share, scored_at = now(), matched_at = coalesce(known.matched_at, excluded.matched_at)
                RETURNING \(ListingMatch.columns), user_id
            )
            """
    }

    private struct Told: RowDecodable {
        var match: ListingMatch
        var userID: UUID
        var searchName: String

        init(row: Row) throws {
            match = try ListingMatch(row: row)
            userID = try row["user_id"]
            searchName = try row["search_name"]
        }
    }
}
