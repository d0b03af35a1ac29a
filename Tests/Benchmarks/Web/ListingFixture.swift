import Foundation
import Postgres

/// Listings to read, put straight into the catalog's table.
struct ListingFixture {
    let adminDatabaseURL: String

    /// Their ids.
    func make(_ count: Int) async throws -> [String] {
        guard var url = URLComponents(string: adminDatabaseURL) else { throw BenchmarkError("HEARTH_ADMIN_DATABASE_URL is no URL") }
        url.path = "/" + (try Servers.variable("HEARTH_DATABASE"))
        let configuration = PostgresConfiguration(url: url.string ?? "", schema: "catalog")
        return try await PostgresSession.with(configuration, logger: Servers.logger) { session in
            let rows = try await session.rows(
                """
                INSERT INTO listings (provider, provider_listing_id, title, description, property_type, street, postal_code, city, rent_netto,
                    rooms, living_area, is_processed)
                SELECT 'bench', gen_random_uuid()::text, 'Helle Wohnung mit Balkon ' || number,
                    'Altbau mit hohen Decken, Dielen, Einbauküche und Blick ins Grüne. Frei ab sofort, Haustiere nach Absprache.', 'apartment',
                    'Hauptstraße', '10827', 'Berlin', 500 + number % 1500, 1 + number % 5, 30 + number % 120, true
                FROM generate_series(1, \(count)::int) AS number
                RETURNING id::text AS id
                """)
            try await session.execute("ANALYZE listings")
            return try rows.map { try $0["id"] }
        }
    }
}
