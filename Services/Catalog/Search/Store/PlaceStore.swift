import Foundation
import Postgres
import Redis
import ServiceKit

/// The cities and districts that there are.
struct PlaceStore {
    let postgres: Postgres
    let cache: Cache

    /// Those that begin with what was typed, the ones with most on offer first; where there are too few, those that are spelled like it too.
    func suggest(_ typed: String, limit: Int) async throws -> [PlaceSuggestion] {
        let key = "search:\(UUID(namespace: "suggestions", "public|\(limit)|\(typed.lowercased())").uuidString.lowercased())"
        return try await cache.value(key, ttl: .seconds(300)) { [postgres] in
            let begins: [PlaceSuggestion] = try await postgres.all(
                """
                SELECT \(PlaceSuggestion.columns) FROM (
                    SELECT * FROM places WHERE is_offered AND own_key ^@ place_key(\(typed)) AND own_key ~>=~ place_key(\(typed))
                        AND own_key ~<~ (place_key(\(typed)) || U&'\\FFFF')
                    ORDER BY own_key USING ~<~ LIMIT 2000
                ) AS typed ORDER BY listings DESC, district_key <> '', city_key, district_key LIMIT \(limit)
                """)
            guard begins.count < limit, typed.count >= 3 else { return begins }
            let alike: [PlaceSuggestion] = try await postgres.all(
                """
                SELECT \(PlaceSuggestion.columns) FROM (
                    SELECT * FROM places WHERE is_offered AND own_key % place_key(\(typed)) AND NOT own_key ^@ place_key(\(typed)) LIMIT 2000
                ) AS alike
                ORDER BY similarity(own_key, place_key(\(typed))) DESC, listings DESC, city_key, district_key LIMIT \(limit - begins.count)
                """)
            return begins + alike
        }
    }

    /// Counts what is on offer in each.
    func survey() async throws { _ = try await postgres.rows("SELECT survey_places()") }

    /// Counts, unless a copy has within this time or is about to: the first one to write down that it does it is the one.
    func survey(unlessWithin time: Duration) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let due = try await tx.rows(
                """
                UPDATE place_surveys SET surveyed_at = now()
                WHERE is_only = (SELECT is_only FROM place_surveys WHERE surveyed_at < now() - make_interval(secs => \(time / .seconds(1)))
                    FOR UPDATE SKIP LOCKED)
                RETURNING is_only
                """)
            guard !due.isEmpty else { return false }
            _ = try await tx.rows("SELECT survey_places()")
            return true
        }
    }
}
