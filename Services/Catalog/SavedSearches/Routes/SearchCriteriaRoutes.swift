import Foundation
import Hummingbird
import ServiceKit

struct SearchCriteriaRoutes {
    let searches: SearchCriteriaStore
    let matches: MatchStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/search-criteria")
            .post(use: create)
            .get(use: list)
            .post("from-search", use: save)
            .get("{id}", use: find)
            .patch("{id}", use: update)
            .delete("{id}", use: delete)
            .get("{id}/matches", use: matches)
    }

    @Sendable func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesWrite)
        return try await create(try await request.decode(as: SearchWishes.self, context: context), request, as: caller)
    }

    /// A search with the very query of `GET /v1/listings`, and its name in the body.
    @Sendable func save(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesWrite)
        let question = try ListingQuestion(request)
        let draft = try await request.decode(as: SavedSearchDraft.self, context: context)
        let wishes = try SearchWishes(question, draft)
        try Validation.check(wishes)
        return try await create(wishes, request, as: caller)
    }

    private func create(_ wishes: SearchWishes, _ request: Request, as caller: Caller) async throws -> Response {
        guard let search = try await searches.create(wishes, as: caller) else {
            throw APIError.conflict("too-many-searches", "You have \(SearchCriteriaStore.maximumPerUser) saved searches already.")
        }
        return try .json(search, status: .created, request: request, headers: [.location: "/v1/search-criteria/\(search.id.uuidString.lowercased())"])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesRead)
        return try .json(try await searches.list(page: PageRequest(request), as: caller), request: request)
    }

    @Sendable func find(_ request: Request, _ context: APIContext) async throws -> Response {
        try .json(try await search(context), request: request)
    }

    @Sendable func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesWrite)
        let id = try context.parameters.id()
        let version = try request.ifMatch()
        let patch = try await request.decode(as: SearchWishesPatch.self, context: context)
        let search = try await searches.update(id, ifMatch: version, as: caller) { wishes in
            var changed = wishes
            patch.apply(to: &changed)
            try Validation.check(changed)
            return changed
        }
        guard let search else { throw APIError.notFound("saved search") }
        return try .json(search, request: request)
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesWrite)
        guard try await searches.delete(context.parameters.id(), ifMatch: request.ifMatch(), as: caller)
        else { throw APIError.notFound("saved search") }
        return Response(status: .noContent)
    }

    @Sendable func matches(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesRead)
        let search = try await search(context)
        return try .json(try await matches.matches(of: search.id, page: PageRequest(request), as: caller), request: request)
    }

    private func search(_ context: APIContext) async throws -> SearchCriteria {
        let caller = try context.require(.searchesRead)
        guard let search = try await searches.find(context.parameters.id(), as: caller) else { throw APIError.notFound("saved search") }
        return search
    }
}
