import Foundation
import Postgres
import Redis
import ServiceKit

/// Searching listings. They are public: what is found is the same for everyone.
struct ListingSearchStore {
    /// So many of the newest that fit are compared with one another when the best are asked for.
    static let ranked = 2_000

    let postgres: Postgres
    let cache: Cache
    let epoch: SearchEpoch
    var finder: ListingFinder

    init(postgres: Postgres, cache: Cache, epoch: SearchEpoch) {
        self.postgres = postgres
        self.cache = cache
        self.epoch = epoch
        finder = ListingFinder(postgres: postgres)
    }

    /// One page as JSON; cached for five minutes (`search:{hash}`) under what was asked, whose answer it is, and the epoch, which ends when moderators
    /// remove or restore a listing.
    func search(_ question: ListingQuestion, by sort: ListingSort, after place: SearchPlace?, limit: Int) async throws -> [UInt8] {
        try await cache.value(try key("page", question, sort.rawValue, limit, place), ttl: .seconds(300)) {
            let prepared = try await prepare(question)
            return try await page(prepared, try order(prepared, sort), after: place, limit: limit).json
        }
    }

    /// How what fits is distributed; cached as a page is.
    func facets(_ question: ListingQuestion) async throws -> ListingFacets {
        try await cache.value(try key("facets", question, "", 0, nil), ttl: .seconds(300)) {
            let prepared = try await prepare(question)
            let narrowest = try await finder.narrowest(prepared).flatMap { $0.rows <= Double(finder.limits.facets) ? $0.condition : nil }
            return try await FacetCounter(postgres: postgres, most: finder.limits.facets).count(prepared, among: narrowest)
        }
    }

    func prepare(_ question: ListingQuestion) async throws -> PreparedQuestion {
        guard var prepared: PreparedQuestion = try await postgres.first(PreparedQuestion.query(question)) else {
            throw PostgresError(.decoding, "a question was prepared to nothing")
        }
        prepared.question = question
        return prepared
    }

    private func order(_ question: PreparedQuestion, _ sort: ListingSort) throws -> SearchOrder {
        switch sort {
        case .relevance where question.words == nil: return SearchOrder(sort: .date, origin: nil)
        case .distance:
            guard let origin = question.centres.first else {
                throw APIError.invalid([FieldError("query/sort", "required", "needs latitude and longitude, or a city whose place is known")])
            }
            return SearchOrder(sort: sort, origin: origin)
        default: return SearchOrder(sort: sort, origin: nil)
        }
    }

    private func page(_ question: PreparedQuestion, _ order: SearchOrder, after place: SearchPlace?, limit: Int) async throws -> ListingPage {
        if order.sort == .relevance { return try await best(question, order, after: place, limit: limit) }
        let found = try await finder.find(question, by: order, after: place, limit: limit + 1)
        let kept = Array(found.listings.prefix(limit))
        let last = found.listings.count > limit ? kept.last : found.boundary
        return ListingPage(items: try await items(kept), next: last.flatMap { $0.place(order.sort).cursor })
    }

    /// The best of the newest that fit, in the order of their rank.
    private func best(_ question: PreparedQuestion, _ order: SearchOrder, after place: SearchPlace?, limit: Int) async throws -> ListingPage {
        let candidates = try await finder.find(question, by: order, after: place, limit: Self.ranked).listings
        let newest = place?.newest ?? candidates.map(\.id).max { $0.uuidString < $1.uuidString }
        let ranked = candidates.sorted { ($1.rank ?? 0, $1.id.uuidString) < ($0.rank ?? 0, $0.id.uuidString) }
        let later = ranked.filter { listing in
            guard let place else { return true }
            return (listing.rank ?? 0, listing.id.uuidString) < (place.rank ?? 0, place.id.uuidString)
        }
        let kept = Array(later.prefix(limit))
        let next = later.count > limit ? kept.last?.place(.relevance, newest: newest).cursor : nil
        return ListingPage(items: try await items(kept), next: next)
    }

    private func items(_ found: [FoundListing]) async throws -> [[UInt8]] {
        guard !found.isEmpty else { return [] }
        let rows = try await postgres.rows(
            """
            SELECT \(Listing.columns), round((2 * 6371.0088 * asin(least(1, nullif(found.distance, 'NaN') / 2)))::numeric, 2) AS distance_km,
                round(nullif(found.rank, 'NaN')::numeric, 4) AS text_rank
            FROM unnest(\(found.map(\.id))::uuid[], \(found.map { $0.distance ?? .nan })::float8[], \(found.map { $0.rank ?? .nan })::float8[])
                WITH ORDINALITY AS found (listing_id, distance, rank, turn)
            JOIN listings ON id = found.listing_id AND removed_at IS NULL
            ORDER BY found.turn
            """)
        return try rows.map { try $0.jsonObject() }
    }

    /// What is answered depends on nobody: the caller's scope in the key is `public`.
    private func key(_ kind: String, _ question: ListingQuestion, _ sort: String, _ limit: Int, _ after: SearchPlace?) throws -> String {
        struct Key: Encodable {
            var scope = "public"
            var epoch: Int64
            var kind: String
            var question: ListingQuestion
            var sort: String
            var limit: Int
            var after: SearchPlace?
        }
        let key = Key(epoch: epoch.number, kind: kind, question: question, sort: sort, limit: limit, after: after)
        let asked = try Self.encoder.encode(key)
        return "search:\(UUID(namespace: "search", String(decoding: asked, as: UTF8.self)).uuidString.lowercased())"
    }

    /// The same question has the same key in every process.
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return encoder
    }()
}

extension SearchPlace {
    var cursor: String? { Page([0, 0], limit: 1) { _ in self }.nextCursor }
}
