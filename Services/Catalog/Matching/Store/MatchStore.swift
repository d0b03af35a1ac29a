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
    /// How long a letter that goes out by itself can be taken back, and how many do in a day.
    let applications: ApplicationLimits
    /// Listings that one step of a run looks at, at most.
    var perStep = 1_000

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
            WITH done AS (DELETE FROM listings_to_score WHERE listing_id = \(id)), \(Self.candidates(id)), \(Self.rules),
            home AS MATERIALIZED (\(Self.home(of: "\(id)"))), scored AS (
                SELECT l.listing_id, s.id AS search_id, s.user_id, shares.*,
                    s.search_frequency = 'immediate' AND \(Self.mayTell) AS may_tell
                FROM candidates c JOIN search_criteria s ON s.id = c.search_id AND s.is_active
                JOIN listing_search l ON l.listing_id = \(id) AND l.is_processed CROSS JOIN home
                CROSS JOIN rules CROSS JOIN LATERAL relevance_of(l, s, c.km, rules.r) AS shares
            ), fitting AS MATERIALIZED (
                -- A search that is being given up is waited for, and then is none.
                SELECT scored.* FROM scored JOIN search_criteria held ON held.id = scored.search_id
                WHERE \(Self.fits(threshold)) ORDER BY held.id FOR KEY SHARE OF held
            ), outdated AS (
                -- Pairs that fitted once and do no more: nobody is shown them, and who was told stays known.
                UPDATE listing_matches SET \(Self.nothing)
                WHERE listing_id = \(id) AND search_id NOT IN (SELECT search_id FROM fitting)
            ), \(Self.kept(of: "fitting"))
            SELECT kept.*, s.name AS search_name FROM kept JOIN search_criteria s ON s.id = kept.search_id WHERE kept.matched_at = now()
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
                SELECT listing_id FROM (\(Self.newest(id, most: newest))) AS found
                UNION SELECT listing_id FROM listing_matches WHERE search_id = \(id)
            ), \(Self.scoredAgainst(id, mayTell: "false")), \(Self.kept(of: "scored WHERE \(Self.fits(threshold))"))
            SELECT count(*) FROM kept
            """,
        ])
    }

    /// Runs a search over what came or changed behind a place, oldest first, and publishes what it matches for the first time; of a home that several
    /// listings offer the one that fits best. Returns where it goes on when there may be more than one step looks at.
    func run(search id: UUID, behind place: RunPlace, in tx: Transaction) async throws -> RunPlace? {
        let looked: [RunPlace] = try await tx.all(
            """
            SELECT found.changed_at::text AS changed_at, listing_id FROM (\(Self.changed(id, behind: place, most: perStep))) AS found
            ORDER BY found.changed_at, listing_id
            """)
        guard let last = looked.last else { return nil }
        let told: [ToldMatch] = try await tx.all(
            """
            WITH chosen AS (SELECT unnest(\(looked.map(\.listingID))::uuid[]) AS listing_id), \(Self.scoredAgainst(id, mayTell: Self.mayTell)), fitting AS (
                SELECT * FROM scored WHERE \(Self.fits(threshold))
            ), once AS (
                SELECT DISTINCT ON (home_id) listing_id FROM fitting WHERE may_tell ORDER BY home_id, \(Self.score) DESC, listing_id DESC
            ), best AS (
                SELECT fitting.listing_id, search_id, user_id, city_share, type_share, rent_share, rooms_share, other_shares,
                    once.listing_id IS NOT NULL AS may_tell
                FROM fitting LEFT JOIN once USING (listing_id)
            ), \(Self.kept(of: "best"))
            SELECT kept.*, s.name AS search_name FROM kept JOIN search_criteria s ON s.id = kept.search_id WHERE kept.matched_at = now()
            """)
        try await rank(told.map(\.match.listingID), in: tx)
        try await publish(told, in: tx)
        return looked.count < perStep ? nil : last
    }

    /// Scores one of the listings of which something changed by itself. False when none waits. Copies skip one another's, and those of a sighting.
    func scoreWaiting() async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller(), retries: 2) { tx in
            let waiting = try await tx.rows(
                """
                SELECT l.id, l.home_id FROM listings_to_score w JOIN listings l ON l.id = w.listing_id
                ORDER BY w.noted_at LIMIT 1 FOR NO KEY UPDATE OF l SKIP LOCKED
                """)
            guard let row = waiting.first else { return false }
            let (listing, home): (UUID, UUID) = (try row["id"], try row["home_id"])
            try await tx.execute("SELECT hold_home(\(home))")
            try await score(listing: listing, in: tx)
            return true
        }
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
        // The best first: it is for them that the letters of a day are.
        let told = told.sorted { ($1.match.relevanceScore, $0.match.listingID.uuidString) < ($0.match.relevanceScore, $1.match.listingID.uuidString) }
        try await ApplicationStore.prepare(told.map { ($0.match.listingID, $0.match.searchID) }, limits: applications, in: tx)
        let listings: [ListingSnapshot] = try await tx.all(
            "SELECT \(ListingSnapshot.columns) FROM listings WHERE id = ANY (\(Array(Set(told.map(\.match.listingID)))))")
        let known = Dictionary(listings.map { ($0.id, $0) }) { $1 }
        try await tx.publish(told.compactMap { told in known[told.match.listingID].map { told.event(of: $0) } })
    }
}
