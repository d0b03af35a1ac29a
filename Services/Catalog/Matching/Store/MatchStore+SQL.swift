import Foundation
import Postgres

/// The parts of which scoring is made. `l` is a row of `listing_search`, `s` of `search_criteria`, `rules.r` the rules.
extension MatchStore {
    /// The searches that a listing has to be scored against, each with the distance from the nearest of its cities.
    static func candidates(_ listing: UUID) -> SQL {
        """
        near AS MATERIALIZED (
            SELECT p.city_key, ST_Distance(p.location, l.location, false) / 1000 AS km
            FROM listing_search l JOIN places p ON p.reach_km > 0 AND p.district_key = '' AND p.city_key IS DISTINCT FROM l.city_key
                AND reach_box(p.location, p.reach_km) && l.location::geometry
            WHERE l.listing_id = \(listing) AND ST_Distance(p.location, l.location, false) < p.reach_km * 1000
        ), candidates AS MATERIALIZED (
            SELECT search_id, min(km) AS km FROM (
                SELECT t.search_id, NULL::float8 AS km FROM listing_search l JOIN search_targets t ON t.city_key IN (l.city_key, '')
                WHERE l.listing_id = \(listing)
                UNION ALL
                -- Place by place: a planner that expects many would read the targets of all places.
                SELECT t.search_id, near.km FROM near CROSS JOIN LATERAL (
                    SELECT search_id FROM search_targets WHERE city_key = near.city_key AND reach_km > near.km OFFSET 0
                ) AS t
                UNION ALL
                SELECT s.id, \(distance) FROM listing_matches m JOIN listing_search l USING (listing_id) JOIN search_criteria s ON s.id = m.search_id
                WHERE m.listing_id = \(listing)
            ) AS found GROUP BY search_id
        )
        """
    }

    /// The newest listings that a search has to be scored against.
    static func newest(_ search: UUID, most: Int) -> SQL {
        chosen(search, where: "true", ordered: "ORDER BY changed_at DESC, listing_id DESC LIMIT \(most)")
    }

    /// Those that came or changed behind a place, the oldest first.
    static func changed(_ search: UUID, behind place: RunPlace, most: Int) -> SQL {
        let ordered: SQL = "ORDER BY changed_at, listing_id LIMIT \(most)"
        return
            "\(chosen(search, where: "(changed_at, listing_id) > (\(place.changedAt)::timestamptz, \(place.listingID))", ordered: ordered)) \(ordered)"
    }

    /// In its cities, so near to them, or anywhere.
    private static func chosen(_ search: UUID, where condition: SQL, ordered: SQL) -> SQL {
        """
        SELECT found.* FROM search_criteria s CROSS JOIN LATERAL unnest(s.city_keys) AS city
        CROSS JOIN LATERAL (SELECT changed_at, listing_id FROM listing_search WHERE city_key = city AND \(condition) \(ordered)) AS found
        WHERE s.id = \(search)
        UNION SELECT found.* FROM search_criteria s
        JOIN places p ON p.city_key = ANY (s.city_keys) AND p.district_key = '' AND p.location IS NOT NULL
        CROSS JOIN LATERAL (
            SELECT changed_at, listing_id FROM listing_search
            WHERE ST_DWithin(location, p.location, s.max_distance_km * 1000, false) AND \(condition) \(ordered)
        ) AS found
        WHERE s.id = \(search) AND s.max_distance_km > 0
        UNION SELECT found.* FROM search_criteria s
        CROSS JOIN LATERAL (SELECT changed_at, listing_id FROM listing_search WHERE \(condition) \(ordered)) AS found
        WHERE s.id = \(search) AND s.city_keys = '{}'
        """
    }

    /// What was chosen, scored against one search.
    static func scoredAgainst(_ search: UUID, mayTell: SQL) -> SQL {
        """
        \(rules), scored AS (
            SELECT l.listing_id, s.id AS search_id, s.user_id, home.home_id, shares.*, \(mayTell) AS may_tell
            FROM search_criteria s CROSS JOIN chosen JOIN listing_search l ON l.listing_id = chosen.listing_id AND l.is_processed
            CROSS JOIN LATERAL (\(home(of: "l.listing_id"))) AS home
            CROSS JOIN rules CROSS JOIN LATERAL relevance_of(l, s, \(distance), rules.r) AS shares
            WHERE s.id = \(search) AND s.is_active
        )
        """
    }

    /// Worked out once, not for each pair.
    static let rules: SQL = "rules AS MATERIALIZED (SELECT r FROM relevance_rules r)"

    /// Kilometres from the nearest preferred city to a listing that is in none of them.
    static let distance: SQL = """
        CASE WHEN s.city_keys <> '{}' AND coalesce(l.city_key <> ALL (s.city_keys), true) THEN (
            SELECT min(ST_Distance(p.location, l.location, false)) / 1000 FROM places p WHERE p.city_key = ANY (s.city_keys) AND p.district_key = ''
        ) END
        """

    /// The home of a listing, and whether other listings are of it: most homes have one alone, and need no further look.
    static func home(of listing: SQL) -> SQL {
        """
        SELECT h.home_id, EXISTS (SELECT FROM listings other WHERE other.home_id = h.home_id AND other.id <> h.id) AS is_shared
        FROM listings h WHERE h.id = \(listing)
        """
    }

    /// The floors that a search sets on what is told. Nobody is told of a home twice, whatever listing of it fits.
    static let mayTell: SQL = """
        (l.quality >= s.min_quality_score AND (NOT s.require_verified_contact OR l.has_verified_contact)
            AND (NOT home.is_shared OR home_untold(home.home_id, l.listing_id, s.user_id)))
        """

    static let score: SQL = """
        (city_share + type_share + rent_share + rooms_share + CASE other_shares WHEN '{}' THEN 0 ELSE sum_of_shares(other_shares) END)
        """

    /// By criterion, of what was scored now.
    static let shares: SQL = """
        (jsonb_build_object('city', shares.city_share, 'type', shares.type_share, 'rent', shares.rent_share, 'rooms', shares.rooms_share)
            || shares.other_shares)
        """

    /// What becomes of a pair that fits no more.
    static let nothing: SQL = "city_share = 0, type_share = 0, rent_share = 0, rooms_share = 0, other_shares = '{}', scored_at = now()"

    static func fits(_ threshold: Decimal) -> SQL { "(NOT is_ruled_out AND \(score) >= \(threshold))" }

    /// Stores pairs that fit; those that may be told and were not are told now.
    static func kept(of source: SQL) -> SQL {
        """
        kept AS (
            INSERT INTO listing_matches AS known
                (listing_id, search_id, user_id, city_share, type_share, rent_share, rooms_share, other_shares, matched_at)
            SELECT listing_id, search_id, user_id, city_share, type_share, rent_share, rooms_share, other_shares, CASE WHEN may_tell THEN now() END
            FROM \(source)
            ON CONFLICT (listing_id, search_id) DO UPDATE SET
                city_share = excluded.city_share, type_share = excluded.type_share, rent_share = excluded.rent_share,
                rooms_share = excluded.rooms_share, other_shares = excluded.other_shares, scored_at = now(),
                matched_at = coalesce(known.matched_at, excluded.matched_at)
            RETURNING \(ListingMatch.columns), user_id
        )
        """
    }
}
