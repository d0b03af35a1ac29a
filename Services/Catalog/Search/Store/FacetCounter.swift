import Postgres

/// Counts what fits by its values, without ever looking at all of it.
struct FacetCounter {
    /// Values of one facet, at most.
    static let values = 30

    let postgres: Postgres
    /// Listings that are looked at, at most.
    let most: Int

    /// All that fits, and of what fits often no more than is told: among what an index narrows it to, else among the newest. Where more would have to
    /// be looked at, what was found until then is told as "more than", as it is of what fits often.
    func count(_ question: PreparedQuestion, among narrowed: SQL?) async throws -> ListingFacets {
        let conditions = SQL.joined(question.conditions, by: " AND ")
        let looked = narrowed ?? newest(question)
        let sort = narrowed == nil ? "off" : "on"
        let answers = try await postgres.batch(
            as: nil,
            [
                // The index is what bounds, and what is walked along it need not be sorted.
                ListingFinder.settings(seqscan: false), "SELECT set_config('enable_sort', \(sort), true)",
                """
                WITH found AS MATERIALIZED (
                    SELECT * FROM (
                        SELECT *, row_number() OVER () AS turn FROM (
                            SELECT property_type, furnishing_level, provider, city_key, district_key, floor(rent / 250) * 250 AS rent,
                                floor(rooms) AS rooms, coalesce(\(conditions), false) AS fits
                            FROM listing_search WHERE \(looked) LIMIT \(most)
                        ) AS looked
                    ) AS numbered WHERE fits OR turn = \(most) LIMIT \(ListingFacets.most + 1)
                ), counted AS (
                    \(SQL.joined(Self.facets.map(Self.counted), by: " UNION ALL "))
                    UNION ALL (SELECT '', CASE WHEN bool_or(turn = \(most)) THEN 'more' ELSE 'all' END, count(*) FILTER (WHERE fits) FROM found)
                )
                SELECT facet, coalesce(CASE facet
                        WHEN 'city' THEN (SELECT name FROM places WHERE city_key = value AND district_key = '')
                        WHEN 'district' THEN (SELECT name FROM places WHERE district_key = value LIMIT 1)
                    END, value) AS value, number
                FROM counted ORDER BY facet, number DESC, value
                """,
            ])
        return try Self.facets(answers[2])
    }

    private func newest(_ question: PreparedQuestion) -> SQL {
        guard let city = question.onlyCity else { return "true ORDER BY listing_id DESC" }
        // Not "=": the order of all would be thought as good, and be walked past every other city.
        return "city_key BETWEEN \(city) AND \(city) ORDER BY city_key, listing_id DESC"
    }

    private static let facets: [(name: SQL, value: SQL)] = [
        ("'property_type'", "property_type"), ("'furnishing_level'", "furnishing_level"), ("'provider'", "provider"), ("'city'", "city_key"),
        ("'district'", "district_key"), ("'rent'", "rent::text"), ("'rooms'", "rooms::text"),
    ]

    private static func counted(_ facet: (name: SQL, value: SQL)) -> SQL {
        """
        (SELECT \(facet.name) AS facet, \(facet.value) AS value, count(*) AS number FROM found WHERE fits AND \(facet.value) IS NOT NULL
            GROUP BY \(facet.value) ORDER BY number DESC, value LIMIT \(values))
        """
    }

    private static func facets(_ rows: [Row]) throws -> ListingFacets {
        var facets = ListingFacets(count: 0, isExact: true, facets: [:])
        for row in rows {
            let (facet, value, count): (String, String, Int) = (try row["facet"], try row["value"], try row["number"])
            guard !facet.isEmpty else {
                facets.count = min(count, ListingFacets.most)
                facets.isExact = count <= ListingFacets.most && value == "all"
                continue
            }
            facets.facets[facet, default: []].append(ListingFacets.Value(value: value, count: count))
        }
        return facets
    }
}
