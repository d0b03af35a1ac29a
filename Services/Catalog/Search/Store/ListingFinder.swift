import Foundation
import Postgres

/// Finds what fits without ever looking at all of it. Three ways, each bounded:
///
/// 1. The order of the results is walked along its index, over the first few thousand rows. What is common fills a page at once.
/// 2. What is rare is found by the index that narrows it most (words, a place, a figure), as long as that finds no more than 20,000 rows; whatever else is
///    asked is looked at in those, and what fits is sorted.
/// 3. What is neither is walked further. A page may then hold fewer than were asked for, and its cursor goes on behind what was looked at: nothing is
///    left out, and no page costs more than the walk.
struct ListingFinder {
    struct Limits {
        var firstWalk = 2_000
        var candidates = 20_000
        var longWalk = 50_000
        /// Of those that are counted by their values.
        var facets = 250_000
        /// Of the nearest, which have no index place to go on from: each page is walked to from the first.
        var nearest = 10_000
    }

    let postgres: Postgres
    var limits = Limits()

    struct Found {
        var listings: [FoundListing]
        /// Where the walk ended before the order did.
        var boundary: FoundListing?
    }

    func find(_ question: PreparedQuestion, by order: SearchOrder, after place: SearchPlace?, limit: Int) async throws -> Found {
        guard order.isWalkedFromPlace else {
            let nearest = try await walk(question, order, place, limit, over: limits.nearest)
            if nearest.listings.count >= limit { return nearest }
            return Found(listings: try await sorted(question, order, place, limit) ?? nearest.listings)
        }
        var found = try await walk(question, order, place, limit, over: max(limits.firstWalk, limit * 2))
        if found.listings.count >= limit || found.boundary == nil { return found }
        if let all = try await sorted(question, order, place, limit) { return Found(listings: all) }
        found = try await walk(question, order, place, limit, over: limits.longWalk)
        if found.listings.count >= limit { found.boundary = nil }
        return found
    }

    /// Goes along the order's index and takes what fits, as soon as there is enough.
    private func walk(
        _ question: PreparedQuestion, _ order: SearchOrder, _ place: SearchPlace?, _ limit: Int, over rows: Int
    ) async throws -> Found {
        var (within, ordered, conditions) = ([order.has], order.byIndex, question.conditions + [order.afterWalk(place)])
        if order.isWalkedFromPlace { within.append(order.after(place)) }
        var rowsOf: (SQL) -> SQL = { walked in "(SELECT *, \(order.key) \(walked)) AS walked" }
        var byKey = order.byKey(id: "listing_id")
        if let city = question.onlyCity, !order.isWalkedFromPlace {
            within.append("city_key = \(city)")
        } else if let city = question.onlyCity {
            // Not "=": the order of all would be thought as good, and be walked past every other city.
            within.append("city_key BETWEEN \(city) AND \(city)")
            ordered = "\(order.inCity("city_key")), \(ordered)"
            // The index of a city has the figures, so that only what they let through is read whole, and no more than is asked for.
            rowsOf = { walked in
                """
                (SELECT city_key AS walked_city, listing_id AS walked_id, rent AS walked_rent, rooms AS walked_rooms, area AS walked_area,
                    \(order.key) \(walked)) AS walked
                CROSS JOIN LATERAL (SELECT * FROM listing_search WHERE listing_id = walked_id OFFSET 0) AS whole
                """
            }
            conditions = question.figures(of: "walked_") + conditions
            byKey = "\(order.inCity("walked_city")), \(order.byKey(id: "walked_id"))"
        }
        let walked: SQL = "FROM listing_search WHERE \(SQL.joined(within, by: " AND ")) ORDER BY \(ordered)"
        let fitting: SQL = """
            SELECT listing_id, price, distance\(rank(question, order)) FROM \(rowsOf("\(walked) LIMIT \(rows)"))
            WHERE \(SQL.joined(conditions, by: " AND "))
            """
        var statements: [SQL] = [
            Self.settings(seqscan: true),
            order.isWalkedFromPlace
                ? "\(fitting) ORDER BY \(byKey) LIMIT \(limit)"
                // By the index' own order it can stop at a full page; those that are as far as its last are sorted with it.
                : "SELECT * FROM (\(fitting) ORDER BY distance FETCH FIRST (\(limit)) ROWS WITH TIES) AS page ORDER BY \(byKey) LIMIT \(limit)",
        ]
        if order.isWalkedFromPlace { statements.append("SELECT listing_id, \(order.key) \(walked) OFFSET \(rows - 1) LIMIT 1") }
        let answers = try await postgres.batch(as: nil, statements)
        let boundary = order.isWalkedFromPlace ? try answers[2].first.map(FoundListing.init(row:)) : nil
        return Found(listings: try answers[1].map(FoundListing.init(row:)), boundary: boundary)
    }

    /// What fits of the rows that one index finds, sorted; nil when those are more than may be looked at.
    private func sorted(_ question: PreparedQuestion, _ order: SearchOrder, _ place: SearchPlace?, _ limit: Int) async throws -> [FoundListing]? {
        guard let narrowest = try await narrowest(question), narrowest.rows <= 1.25 * Double(limits.candidates) else { return nil }
        let conditions = SQL.joined(question.conditions + [order.has, order.after(place)], by: " AND ")
        let answers = try await postgres.batch(
            as: nil,
            [
                Self.settings(seqscan: false),
                """
                SELECT * FROM (
                    SELECT *, count(*) OVER () AS total FROM (
                        SELECT listing_id, coalesce(\(conditions), false) AS fits, \(order.key)\(rank(question, order))
                        FROM listing_search WHERE \(narrowest.condition) LIMIT \(limits.candidates + 1)
                    ) AS candidates
                ) AS counted ORDER BY fits DESC, \(order.byKey(id: "listing_id")) LIMIT \(limit)
                """,
            ])
        if let total: Int = try answers[1].first?["total"], total > limits.candidates { return nil }
        return try answers[1].filter { try $0["fits"] }.map(FoundListing.init(row:))
    }

    /// The condition for which an index finds the fewest rows, as the database thinks; nil when no index answers any. Thinking costs the same however many
    /// rows there are, and when it is wrong the limit still holds.
    func narrowest(_ question: PreparedQuestion) async throws -> (condition: SQL, rows: Double)? {
        let ways = question.indexable
        guard !ways.isEmpty else { return nil }
        let rows = try await postgres.rows("SELECT unnest(ARRAY[\(SQL.joined(ways.map(\.expected), by: ", "))]) AS expected")
        return try zip(ways, rows).map { way, row in (condition: way.condition, rows: try row["expected"] as Double) }.min { $0.rows < $1.rows }
    }

    private func rank(_ question: PreparedQuestion, _ order: SearchOrder) -> SQL {
        guard order.sort == .relevance, let words = question.words else { return "" }
        return ", ts_rank(words, \(words)::tsquery)::float8 AS rank"
    }

    /// Planned for the very values, as a plan for any would suit none; an index where there is one, when it is the index that bounds.
    static func settings(seqscan: Bool) -> SQL {
        """
        SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true),
            set_config('max_parallel_workers_per_gather', '0', true), set_config('enable_seqscan', \(seqscan ? "on" : "off"), true)
        """
    }
}
