import Foundation
import Postgres

/// The catalog's database, filled by its own SQL: listings on offer in many towns, and people who look for them.
struct HomesDatabase {
    let url: String

    /// As many towns as a country has; a listing and a search lie in any of them.
    static let towns = 5_000
    /// Where a fifth of all homes is, and a tenth of all searches look.
    static let cities = ["Berlin", "Hamburg", "München", "Köln", "Leipzig"]

    /// What a town is called. Its first word is its own: among the listings of one such place a home is looked for.
    static func town(_ number: Int) -> String {
        "Ort" + String("\(number)".compactMap(\.wholeNumberValue).map { Array("abcdefghij")[$0] })
    }
    private static func town(_ number: SQL) -> SQL { "'Ort' || translate((\(number))::text, '0123456789', 'abcdefghij')" }

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

    private static let districts = ["Mitte", "Nord", "Süd", "Ost"]

    /// Towns on a grid with their districts, a fifth of all homes in five cities.
    func makeTowns() async throws {
        try await with { session in
            _ = try await session.execute(
                """
                INSERT INTO places (city_key, name, city_name, location, is_surveyed)
                SELECT place_key(\(Self.town("n"))), \(Self.town("n")), \(Self.town("n")),
                    ST_SetSRID(ST_MakePoint(6 + 9 * (n % 71) / 71.0, 47.5 + 7 * (n / 71) / 71.0), 4326)::geography, true
                FROM generate_series(0, \(Self.towns - 1)::int) AS n
                UNION ALL SELECT place_key(city), city, city, NULL, false FROM unnest(\(Self.cities)::text[]) AS city
                ON CONFLICT DO NOTHING
                """)
            _ = try await session.execute(
                """
                INSERT INTO places (city_key, district_key, name, city_name, location)
                SELECT city_key, place_key(district), district, city_name, location
                FROM places CROSS JOIN unnest(\(Self.districts)::text[]) AS district WHERE district_key = '' ON CONFLICT DO NOTHING
                """)
        }
    }

    /// Listings up to `count`, in steps: the copy for searches is made row by row, as it is in life. What is there already stays.
    func makeListings(_ count: Int) async throws {
        try await makeTowns()
        let step = 25_000
        let known = try await with { session in
            try await session.value("SELECT count(*) FROM listings WHERE provider = 'bench'", as: Int.self) ?? 0
        }
        guard known < count else { return }
        try await withoutIndexes(of: ["listings", "listing_search"], unless: count - known < 4 * step) {
            try await twoByTwo(Array(stride(from: 0, to: count, by: step))) { first in
                try await makeListings(first..<min(first + step, count))
            }
        }
        try await with { session in
            try await session.script("VACUUM ANALYZE catalog.listings, catalog.listing_search, catalog.places")
            _ = try await session.execute("SELECT survey_places()")
        }
    }

    private func makeListings(_ numbers: Range<Int>) async throws {
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
                        ELSE \(Self.town("n * 7919::bigint % \(Self.towns)")) END,
                    (\(Self.districts)::text[])[1 + n / 25 % 4], 300 + n * 7919::bigint % 2500, 100 + n % 200, 900 + n % 3000, 1 + n % 5,
                    20 + n % 150, (n % 9)::text, '2026-12-01'::date + (n % 200)::int, '{https://homes.example/1.jpg}', true
                FROM generate_series(\(numbers.lowerBound)::bigint, \(numbers.upperBound - 1)::bigint) AS n
                ON CONFLICT DO NOTHING
                """)
        }
    }

    /// Fills tables without the indexes that no constraint needs, and makes these again: a tenth of a million rows and more come faster that way.
    private func withoutIndexes(of tables: [String], unless isFew: Bool, _ body: () async throws -> Void) async throws {
        guard !isFew else { return try await body() }
        let definitions = try await with { session in
            let rows = try await session.rows(
                """
                SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index i
                WHERE indrelid = ANY (\(tables)::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
                """)
            let definitions = try rows.map { try $0["definition"] as String }
            if !rows.isEmpty { try await session.script("DROP INDEX " + (try rows.map { try $0["name"] as String }).joined(separator: ", ")) }
            return definitions
        }
        try await body()
        try await twoByTwo(definitions) { definition in
            try await with { session in try await session.script("SET maintenance_work_mem = '256MB'; \(definition)") }
        }
    }

    /// As many at once as there are cores on the smallest of machines.
    private func twoByTwo<Item: Sendable>(_ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, item) in items.enumerated() {
                if number >= 2 { try await group.next() }
                group.addTask { try await body(item) }
            }
            try await group.waitForAll()
        }
    }

    /// People who want to be told at once, each looking in a town and some way around it, a tenth of them in one of the five cities; alerts knows them.
    /// What is there already stays.
    func makeSearches(_ count: Int) async throws {
        try await makeTowns()
        let step = 10_000
        let known = try await with { session in
            try await session.value("SELECT count(*) FROM search_criteria WHERE name LIKE 'bench %'", as: Int.self) ?? 0
        }
        for first in stride(from: known + 1, through: count, by: step) {
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
                    ARRAY[CASE WHEN n % 10 = 0 THEN (\(Self.cities)::text[])[1 + n / 10 % 5] ELSE \(Self.town("n * 104729::bigint % \(Self.towns)")) END],
                    (ARRAY[0, 5, 10, 25])[1 + n / 10 % 4], 'immediate',
                    CASE n % 3 WHEN 0 THEN '{apartment,house}' WHEN 1 THEN '{apartment}' ELSE '{room}' END::text[], 300 + n % 20 * 50, 600 + n % 20 * 50,
                    1 + n % 3, 2 + n % 3
                FROM generate_series(\(numbers.lowerBound)::bigint, \(numbers.upperBound)::bigint) AS n
                """)
        }
    }
}
