import Contracts
import Foundation
import Messaging
import Postgres

/// Finds the home of a listing.
///
/// It moves this listing alone and only reads the others, under a lock on the place and the areas that candidates can have: two sightings of one flat at
/// once come one after the other, and the second sees the first.
struct HomeStore {
    /// Candidates that are read at most.
    static let mostCandidates = 300

    /// Gives a listing that is alone in its home, and whose home nobody has ruled, the home of the likest other one. What it makes of it is published
    /// and noted; nil when it stays alone. The listing is locked, and its version new already.
    func settle(_ id: UUID, at time: Date, in tx: Transaction) async throws -> HomeChoice? {
        let found = try await tx.batch([
            """
            SELECT \(HomeFacts.columns), home_place(city) AS place, home_pinned OR is_archived OR removed_at IS NOT NULL
                OR EXISTS (SELECT 1 FROM listings other WHERE other.home_id = listings.home_id AND other.id <> listings.id) AS is_settled
            FROM listings WHERE id = \(id)
            """,
            "SELECT feature, level, weight FROM home_weights",
        ])
        guard let row = found[0].first, let place: String = try row["place"], try !(row["is_settled"] as Bool) else { return nil }
        let own = try HomeFacts(row: row)
        try await hold(place, own, in: tx)
        // A statement of its own, which sees what whoever held the place before has left.
        let candidates: [HomeFacts] = try await tx.all(Self.candidates(of: own, in: place))
        guard let choice = HomeChoice(of: own, among: candidates, weights: try HomeWeights(rows: found[1])) else { return nil }
        try await tx.execute("UPDATE listings SET home_id = \(choice.homeID) WHERE id = \(id)")
        try await tx.publish(
            HomeChanged(
                homeID: choice.homeID, change: HomeRuling.Kind.joined.rawValue, listingIDs: [id], before: [own.homeID], reason: "likeness",
                likeness: choice.likeness))
        return choice
    }

    /// The newest of the listings of a home that was gone before this one came, when none of the others is on offer any more.
    func former(of id: UUID, in home: UUID, since: Date, in tx: Transaction) async throws -> (id: UUID, goneSince: Date)? {
        let others = try await tx.rows(
            """
            SELECT id, last_seen_at, is_active AND NOT is_archived AND last_seen_at >= \(since.addingTimeInterval(-HomeChoice.relistingGap)) AS is_there
            FROM listings WHERE home_id = \(home) AND id <> \(id) ORDER BY last_seen_at DESC LIMIT 50
            """)
        guard let newest = others.first, try others.allSatisfy({ try !($0["is_there"] as Bool) }) else { return nil }
        return (id: try newest["id"], goneSince: try newest["last_seen_at"])
    }

    /// Two listings whose areas can be of one flat share a lock. One without an area can be like any of its place, and waits for all of them.
    private func hold(_ place: String, _ own: HomeFacts, in tx: Transaction) async throws {
        let whole = "home_place:\(place)"
        guard let areas = Self.areas(of: own) else {
            try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\(whole), 0))")
            return
        }
        let keys = areas.map { "\(whole):\($0)" }
        _ = try await tx.batch([
            "SELECT pg_advisory_xact_lock_shared(hashtextextended(\(whole), 0))",
            // In one order for all.
            "SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest(\(keys)::text[]) AS name ORDER BY key) AS keys",
        ])
    }

    /// The steps of five square metres that an area, and what another portal may make of it, lies in.
    private static func areas(of own: HomeFacts) -> [Int]? {
        guard let area = own.livingArea, area > 0 else { return nil }
        let tolerance = max(2, area * 0.04)
        return Array(Int((max(area - tolerance, 0) / 5).rounded(.down))...Int(((area + tolerance) / 5).rounded(.down)))
    }

    /// Those of the place with about the area, rooms and rent, but for homes that a listing of the same portal offers at the same time.
    private static func candidates(of own: HomeFacts, in place: String) -> SQL {
        let inPlace: SQL = "home_place(city) = \(place) AND city IS NOT NULL AND removed_at IS NULL AND id <> \(own.id)"
        let alike: SQL = """
            (rooms IS NULL OR \(own.rooms)::numeric IS NULL OR abs(rooms - \(own.rooms)::numeric) <= 0.5)
            AND last_seen_at > \(own.lastSeenAt)::timestamptz - interval '1 year'
            """
        let (areas, rent) = (areas(of: own), rent(of: own))
        var branches: [SQL] = []
        if let areas {
            let isNear: SQL = "floor(living_area / 5)::integer = ANY (\(areas)::integer[])"
            branches.append("\(inPlace) AND \(isNear) AND \(rent ?? "true") AND \(alike)")
            if rent != nil { branches.append("\(inPlace) AND \(isNear) AND coalesce(rent_netto, rent_brutto) IS NULL AND \(alike)") }
        }
        // Without an area on one side the rent has to find it.
        let withoutArea: SQL = areas == nil ? "true" : "living_area IS NULL"
        if let rent { branches.append("\(inPlace) AND \(withoutArea) AND \(rent) AND \(alike)") }
        guard !branches.isEmpty else { return "SELECT \(HomeFacts.columns) FROM listings WHERE false" }
        let found = SQL.joined(
            branches.map { "(SELECT * FROM listings WHERE \($0) LIMIT \(mostCandidates / branches.count))" }, by: " UNION ALL ")
        return """
            SELECT \(HomeFacts.columns) FROM (\(found)) AS found
            WHERE NOT \(own.isActive) OR NOT EXISTS (
                SELECT 1 FROM listings AS other
                WHERE other.home_id = found.home_id AND other.provider = \(own.provider) AND other.is_active AND NOT other.is_archived
                    AND greatest(other.first_seen_at, \(own.firstSeenAt)::timestamptz)
                        < least(other.last_seen_at, \(own.lastSeenAt)::timestamptz) + make_interval(secs => \(HomeChoice.relistingGap)))
            """
    }

    /// A rent that another portal may state for the same flat: about the same one, or gross where this one says net, or the other way round. The range of
    /// both is what the index is read by.
    private static func rent(of own: HomeFacts) -> SQL? {
        if let net = own.rentNetto {
            return """
                coalesce(rent_netto, rent_brutto) BETWEEN \(net * 0.9)::numeric AND \(net * 1.6)::numeric
                AND (rent_netto <= \(net * 1.1)::numeric OR rent_netto IS NULL AND rent_brutto >= \(net)::numeric)
                """
        }
        return own.rentBrutto.map { gross in
            """
            coalesce(rent_netto, rent_brutto) BETWEEN \(gross * 0.6)::numeric AND \(gross * 1.1)::numeric
            AND (rent_netto <= \(gross)::numeric OR rent_netto IS NULL AND rent_brutto >= \(gross * 0.9)::numeric)
            """
        }
    }
}
