import Postgres

/// Counts what fits by its values.
struct FacetCounter {
    /// Values of one facet, at most.
    static let values = 30

    let postgres: Postgres

    /// All that fits, and of what fits often no more than is told: among what an index narrows it to, else everywhere until there is enough. What is neither
    /// narrow nor common is thus looked for in all listings, as nothing else is: that alone is exact.
    func count(_ question: PreparedQuestion, among narrowed: SQL?) async throws -> ListingFacets {
        let conditions = SQL.joined(question.conditions, by: " AND ")
        let source: SQL = narrowed.map { "(SELECT * FROM listing_search WHERE \($0) OFFSET 0) AS narrowed" } ?? "listing_search"
        let answers = try await postgres.batch(
            as: nil,
            [
                ListingFinder.settings(seqscan: narrowed == nil),
                """
                WITH found AS MATERIALIZED (
                    SELECT property_type, furnishing_level, provider, city_key, district_key, floor(rent / 250) * 250 AS rent, floor(rooms) AS rooms
                    FROM \(source) WHERE \(conditions) LIMIT \(ListingFacets.most + 1)
                ), counted AS (
                    \(SQL.joined(Self.facets.map(Self.counted), by: " UNION ALL "))
                    UNION ALL (SELECT '', '', count(*) FROM found)
                )
                SELECT facet, coalesce(CASE facet
                        WHEN 'city' THEN (SELECT name FROM places WHERE city_key = value AND district_key = '')
                        WHEN 'district' THEN (SELECT name FROM places WHERE district_key = value LIMIT 1)
                    END, value) AS value, number
                FROM counted ORDER BY facet, number DESC, value
                """,
            ])
        return try Self.facets(answers[1])
    }

    private static let facets: [(name: SQL, value: SQL)] = [
        ("'property_type'", "property_type"), ("'furnishing_level'", "furnishing_level"), ("'provider'", "provider"), ("'city'", "city_key"),
        ("'district'", "district_key"), ("'rent'", "rent::text"), ("'rooms'", "rooms::text"),
    ]

    private static func counted(_ facet: (name: SQL, value: SQL)) -> SQL {
        """
        (SELECT \(facet.name) AS facet, \(facet.value) AS value, count(*) AS number FROM found WHERE \(facet.value) IS NOT NULL
            GROUP BY \(facet.value) ORDER BY number DESC, value LIMIT \(values))
        """
    }

    private static func facets(_ rows: [Row]) throws -> ListingFacets {
        var facets = ListingFacets(count: 0, isExact: true, facets: [:])
        for row in rows {
            let (facet, count): (String, Int) = (try row["facet"], try row["number"])
            guard !facet.isEmpty else {
                facets.count = min(count, ListingFacets.most)
                facets.isExact = count <= ListingFacets.most
                continue
            }
            facets.facets[facet, default: []].append(ListingFacets.Value(value: try row["value"], count: count))
        }
        return facets
    }
}
