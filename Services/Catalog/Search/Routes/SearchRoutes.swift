import Hummingbird
import ServiceKit

/// Looking for homes.
struct SearchRoutes {
    let search: ListingSearchStore
    let places: PlaceStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/listings")
            .get(use: find)
            .get("facets", use: count)
        router.get("/v1/places", use: suggest)
    }

    @Sendable func find(_ request: Request, _ context: APIContext) async throws -> Response {
        let question = try ListingQuestion(request)
        let sort = try request.query("sort", as: ListingSort.self) ?? .date
        let page = try PageRequest<SearchPlace>(request)
        // Relevance to no words is the order of their coming.
        let isOfThisOrder = page.after.map { $0.sort == sort || (sort == .relevance && $0.sort == .date) } ?? true
        guard isOfThisOrder else { throw APIError.invalid([FieldError("query/cursor", "format", "is not a cursor of this order")]) }
        return .json(encoded: try await search.search(question, by: sort, after: page.after, limit: page.limit), request: request)
    }

    @Sendable func count(_ request: Request, _ context: APIContext) async throws -> Response {
        try .json(try await search.facets(ListingQuestion(request)), request: request)
    }

    @Sendable func suggest(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let typed = try request.query("q", maximum: 100) else {
            throw APIError.invalid([FieldError("query/q", "required", "must not be empty")])
        }
        let limit = try request.query("limit", as: Int.self) ?? 10
        var check = Validation()
        check.range(limit, "query/limit", 1...25)
        try check.finish()
        return try .json(Suggestions(items: try await places.suggest(typed, limit: limit)), request: request)
    }

    struct Suggestions: Codable {
        var items: [PlaceSuggestion]
    }
}
