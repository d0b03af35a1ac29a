import Foundation
import Postgres

/// The catalog's database, filled by its own SQL: listings on offer in many towns, and people who look for them.
struct HomesDatabase {
    let url: String

    /// As many towns as a country has; a listing and a search lie in any of them.
    static let towns = 5_000
    /// Where a fifth of all homes is, and a tenth of all searches look.
    static let cities = ["Berlin", "Hamburg", "München", "Köln", "Leipzig"]

    init(adminDatabaseURL: String) throws {
        guard var url = URLComponents(string: adminDatabaseURL) else { throw BenchmarkError("HEARTH_ADMIN_DATABASE_URL is no URL") }
        url.path = "/" + (try Servers.variable("HEARTH_DATABASE"))
        self.url = url.string ?? ""
    }

    func with<Result: Sendable>(_ body: (PostgresSession) async throws -> Result) async throws -> Result {
        // No request waits for what fills the tables: it takes as long as it takes.
        let patient = PostgresConfiguration(url: url, statementTimeout: .seconds(3600), schema: "catalog")
        return try await PostgresSession.with(patient, logger: Servers.logger, body)
    }

    /// Towns on a grid, a fifth of all homes in five cities.
    func makeTowns() async throws {
        try await with { session in
            _ = try await session.execute(
                """
                INSERT INTO places (city_key, name, city_name, location, is_surveyed)
                SELECT place_key('Ort ' || n), 'Ort ' || n, 'Ort ' || n,
                    ST_SetSRID(ST_MakePoint(6 + 9 * (n % 71) / 71.0, 47.5 + 7 * (n / 71) / 71.0), 4326)::geography, true
                FROM generate_series(0, \(Self.towns - 1)::int) AS n ON CONFLICT DO NOTHING
                """)
        }
    }

    /// Listings up to `count`, in steps: the copy for searches is made row by row, as it is in life. What is there already stays.
    func makeListings(_ count: Int) async throws {
        try await makeTowns()
        let step = 50_000
        let known = try await with { session in
            try await session.value("SELECT count(*) FROM listings WHERE provider = 'bench'", as: Int.self) ?? 0
        }
        guard known < count else { return }
        for first in stride(from: 0, to: count, by: step) {
            try await with { session in
                _ = try await session.execute(
                    """
                    INSERT INTO listings (provider, provider_listing_id, title, description, property_type, furnishing_level, street, postal_code, city,
                        district, rent_netto, additional_costs, deposit, rooms, living_area, floor, available_from, images, is_processed)
                    SELECT 'bench', 'b' || n,
                        (ARRAY['Helle Wohnung mit Balkon', 'Altbauwohnung mit Stuck', 'Zimmer in netter WG', 'Haus mit Garten', 'Ruhige Whg. im Hof'])
                            [1 + n % 5] || ' ' || n,
                        'Altbau mit hohen Decken, Dielen, Einbauküche und Blick ins Grüne. Frei ab sofort, Haustiere nach Absprache. Nähe Linie '
                            || n % 4999 || ', Wohnung mit Keller.',
                        (ARRAY['apartment', 'apartment', 'room', 'house', 'apartment'])[1 + n % 5], 'unfurnished', 'Hauptstraße', '10827',
                        CASE WHEN n % 5 = 0 THEN (\(Self.cities)::text[])[1 + n / 5 % 5]
                            ELSE 'Ort ' || n * 7919::bigint % \(Self.towns) END,
                        (ARRAY['Mitte', 'Nord', 'Süd', 'Ost'])[1 + n / 25 % 4], 300 + n * 7919::bigint % 2500, 100 + n % 200, 900 + n % 3000, 1 + n % 5,
                        20 + n % 150, (n % 9)::text, '2026-12-01'::date + (n % 200)::int, '{https://homes.example/1.jpg}', true
                    FROM generate_series(\(first)::bigint, \(min(first + step, count) - 1)::bigint) AS n
                    ON CONFLICT DO NOTHING
                    """)
            }
        }
        try await with { session in
            try await session.script("VACUUM ANALYZE catalog.listings, catalog.listing_search, catalog.places")
            _ = try await session.execute("SELECT survey_places()")
        }
    }

    /// People who want to be told at once, each looking in a town and some way around it, a tenth of them in one of the five cities; alerts knows them.
    func makeSearches(_ count: Int) async throws {
        try await makeTowns()
        let step = 10_000
        for first in stride(from: 1, through: count, by: step) {
            try await makeSearches(first...min(first + step - 1, count))
        }
        try await with { session in
            try await session.script("VACUUM ANALYZE catalog.search_criteria, catalog.search_targets, catalog.places")
            _ = try await session.execute(
                """
                INSERT INTO alerts.recipients (user_id, email, status, version)
                SELECT user_id, user_id || '@bench.example', 'active', 1 FROM search_criteria WHERE name LIKE 'bench %' ON CONFLICT DO NOTHING
                """)
        }
    }

    private func makeSearches(_ numbers: ClosedRange<Int>) async throws {
        try await with { session in
            _ = try await session.execute(
                """
                INSERT INTO search_criteria (user_id, name, preferred_cities, max_distance_km, search_frequency, property_types, min_rent_netto,
                    max_rent_netto, min_rooms, max_rooms)
                SELECT gen_random_uuid(), 'bench ' || n,
                    ARRAY[CASE WHEN n % 10 = 0 THEN (\(Self.cities)::text[])[1 + n / 10 % 5] ELSE 'Ort ' || n * 104729::bigint % \(Self.towns) END],
                    (ARRAY[0, 5, 10, 25])[1 + n / 10 % 4], 'immediate',
                    CASE n % 3 WHEN 0 THEN '{apartment,house}' WHEN 1 THEN '{apartment}' ELSE '{room}' END::text[], 300 + n % 20 * 50, 600 + n % 20 * 50,
                    1 + n % 3, 2 + n % 3
                FROM generate_series(\(numbers.lowerBound)::bigint, \(numbers.upperBound)::bigint) AS n
                """)
        }
    }
}
