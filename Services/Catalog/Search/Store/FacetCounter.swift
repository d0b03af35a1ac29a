import Postgres

/// Counts what fits by its values.
struct FacetCounter {
    /// Values of one facet, at most.
    static let values = 30

    let postgres: Postgres

    /// Words and places are looked up in their indexes; what has neither is looked for among the newest `longestWalk`.
    func count(_ question: PreparedQuestion, longestWalk: Int) async throws -> ListingFacets {
        let conditions = SQL.joined(question.conditions, by: " AND ")
        let source: SQL =
            question.isSelective
            ? "listing_search" : "(SELECT * FROM listing_search ORDER BY listing_id DESC LIMIT \(longestWalk)) AS newest"
        let answers = try await postgres.batch(
            as: nil,
            [
                ListingFinder.settings(seqscan: !question.isSelective),
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
                // Whether there is anything behind the walk at all.
                "SELECT listing_id FROM listing_search ORDER BY listing_id DESC OFFSET \(longestWalk) LIMIT \(question.isSelective ? 0 : 1)",
            ])
        return try Self.facets(answers[1], isWalkExhausted: answers[2].isEmpty)
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

    private static func facets(_ rows: [Row], isWalkExhausted: Bool) throws -> ListingFacets {
        var facets = ListingFacets(count: 0, isExact: true, facets: [:])
        for row in rows {
            let (facet, count): (String, Int) = (try row["facet"], try row["number"])
            guard !facet.isEmpty else {
                facets.count = min(count, ListingFacets.most)
                facets.isExact = count <= ListingFacets.most && isWalkExhausted
                continue
            }
            facets.facets[facet, default: []].append(ListingFacets.Value(value: try row["value"], count: count))
        }
        return facets
    }
}
