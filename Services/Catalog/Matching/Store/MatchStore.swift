import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Scores per (listing, saved search).
struct MatchStore {
    /// Told by one run of a search at most, the best of what came.
    static let toldPerRun = 500

    let postgres: Postgres
    /// The relevance from which a match is told.
    let relevance: LiveValue<Decimal>
    /// How long a letter that goes out by itself can be taken back, and how many do in a day.
    let applications: ApplicationLimits

    init(postgres: Postgres, threshold: LiveValue<Decimal>, applications: ApplicationLimits = ApplicationLimits()) {
        self.postgres = postgres
        self.applications = applications
        relevance = threshold
    }

    private var threshold: Decimal { relevance.current }

    /// Scores one listing against the saved searches that may want it, and publishes each match with a search that asks to be told at once and that
    /// it reaches for the first time.
    ///
    /// They are found by index: those that name its city, those that look everywhere, and those that look as far as it around another place. A search
    /// that is none of these rules it out. What it matched before is scored anew.
    func score(listing id: UUID, in tx: Transaction) async throws {
        let told: [ToldMatch] = try await tx.all(
            """
            WITH \(Self.candidates(id)), home AS MATERIALIZED (\(Self.home(of: "\(id)"))), scored AS (
                SELECT l.listing_id, s.id AS search_id, s.user_id, s.name, shares.*,
                    s.search_frequency = 'immediate' AND \(Self.mayTell) AS may_tell
                FROM candidates c JOIN search_criteria s ON s.id = c.search_id AND s.is_active
                JOIN listing_search l ON l.listing_id = \(id) AND l.is_processed CROSS JOIN home
                CROSS JOIN relevance_rules r CROSS JOIN LATERAL relevance_of(l, s, c.km, r) AS shares
            ), outdated AS (
                -- Pairs that fitted once and do no more: nobody is shown them, and who was told stays known.
                UPDATE listing_matches SET \(Self.nothing)
                WHERE listing_id = \(id) AND search_id NOT IN (SELECT search_id FROM scored WHERE \(Self.fits(threshold)))
            ), held AS (
                -- A search that is being given up is waited for, and then is none.
                SELECT s.id AS search_id FROM search_criteria s
                WHERE s.id IN (SELECT search_id FROM scored WHERE \(Self.fits(threshold))) ORDER BY s.id FOR KEY SHARE
            ), \(Self.kept(of: "scored JOIN held USING (search_id) WHERE \(Self.fits(threshold))"))
            SELECT kept.*, scored.name AS search_name FROM kept JOIN scored USING (search_id) WHERE kept.matched_at = now()
            """)
        try await rank([id], in: tx)
        try await publish(told, in: tx)
    }

    /// Scores a new or changed search against the newest listings, so that its owner sees at once what is there. Those are shown, not told: nobody
    /// wants a mail for each of them.
    func score(search id: UUID, newest: Int = 500, in tx: Transaction) async throws {
        _ = try await tx.batch([
            // Before its matches, as whoever gives the search up does; the next statements see what that has left.
            "SELECT id FROM search_criteria WHERE id = \(id) FOR NO KEY UPDATE",
            "DELETE FROM listing_matches WHERE search_id = \(id) AND matched_at IS NULL",
            // What was told stays known, so that it is not told again, but counts for nothing unless it still fits.
            "UPDATE listing_matches SET \(Self.nothing) WHERE search_id = \(id)",
            """
            WITH chosen AS (
                \(Self.chosen(id, since: nil, newest: newest)) UNION SELECT listing_id FROM listing_matches WHERE search_id = \(id)
            ), \(Self.scoredAgainst(id, mayTell: "false")), \(Self.kept(of: "scored WHERE \(Self.fits(threshold))"))
            SELECT count(*) FROM kept
            """,
        ])
    }

    /// Runs a search over what came or changed since a time, and publishes what it matches for the first time.
    func run(search id: UUID, since: Date, in tx: Transaction) async throws {
        let told: [ToldMatch] = try await tx.all(
            """
            WITH chosen AS (\(Self.chosen(id, since: since, newest: 5_000))), \(Self.scoredAgainst(id, mayTell: Self.mayTell)), best AS (
                SELECT * FROM scored WHERE \(Self.fits(threshold))
                ORDER BY may_tell DESC, \(Self.score) DESC, listing_id DESC LIMIT \(Self.toldPerRun)
            ), \(Self.kept(of: "best"))
            SELECT kept.*, s.name AS search_name FROM kept JOIN search_criteria s ON s.id = kept.search_id WHERE kept.matched_at = now()
            """)
        try await rank(told.map(\.match.listingID), in: tx)
        try await publish(told, in: tx)
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

    /// How one listing fits each search of the caller, now: why it was told, or why not. At most as many as a person may have searches.
    func matches(of listing: UUID, for caller: Caller) async throws -> [ListingMatch] {
        try await postgres.all(
            as: caller,
            """
            SELECT l.listing_id, s.id AS search_id, least(\(Self.score), 1)::numeric(3, 2) AS relevance_score, \(Self.shares) AS shares, is_ruled_out,
                coalesce(m.scored_at, now()) AS scored_at, m.matched_at
            FROM search_criteria s JOIN listing_search l ON l.listing_id = \(listing) AND l.is_processed CROSS JOIN relevance_rules r
            CROSS JOIN LATERAL relevance_of(l, s, \(Self.distance), r) AS shares
            LEFT JOIN (SELECT listing_id, search_id, scored_at, matched_at FROM listing_matches) AS m
                ON (m.listing_id, m.search_id) = (l.listing_id, s.id)
            WHERE s.user_id = \(caller.userID)
            ORDER BY is_ruled_out, relevance_score DESC, search_id LIMIT \(SearchCriteriaStore.maximumPerUser)
            """)
    }

    /// Keeps the best relevance of any search on the listings.
    private func rank(_ listings: [UUID], in tx: Transaction) async throws {
        guard !listings.isEmpty else { return }
        try await tx.execute(
            """
            UPDATE listings SET relevance_score = best.score
            FROM (
                SELECT id AS listing_id, coalesce((SELECT max(relevance_score) FROM listing_matches m WHERE m.listing_id = l.id), 0) AS score
                FROM listings l WHERE id = ANY (\(listings)) ORDER BY id
            ) AS best
            WHERE id = best.listing_id AND relevance_score <> best.score
            """)
    }

    private func publish(_ told: [ToldMatch], in tx: Transaction) async throws {
        guard !told.isEmpty else { return }
        try await ApplicationStore.prepare(told.map { ($0.match.listingID, $0.match.searchID) }, limits: applications, in: tx)
        let listings: [ListingSnapshot] = try await tx.all(
            "SELECT \(ListingSnapshot.columns) FROM listings WHERE id = ANY (\(Array(Set(told.map(\.match.listingID)))))")
        let known = Dictionary(listings.map { ($0.id, $0) }) { $1 }
        try await tx.publish(told.compactMap { told in known[told.match.listingID].map { told.event(of: $0) } })
    }
}
