import Hummingbird
import ServiceKit

/// What somebody keeps.
struct FavoriteRoutes {
    let favorites: FavoriteStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/favorites")
            .post(use: add)
            .get(use: list)
            .get("{id}", use: find)
            .patch("{id}", use: update)
            .delete("{id}", use: delete)
    }

    @Sendable func add(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesWrite)
        let body = try await request.decode(as: NewFavorite.self, context: context)
        switch try await favorites.add(body, as: caller) {
        case .added(let favorite):
            let location = "/v1/favorites/\(favorite.id.uuidString.lowercased())"
            return try .json(favorite, status: .created, request: request, headers: [.location: location])
        case .known(let favorite): return try .json(favorite, request: request)
        case .noSuchListing: throw APIError.invalid([FieldError("/listing_id", "unknown", "is no listing")])
        case .tooMany: throw APIError.conflict("too-many-favorites", "You keep \(FavoriteStore.maximumPerUser) already.")
        }
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesRead)
        return try .json(try await favorites.list(page: PageRequest(request), as: caller), request: request)
    }

    @Sendable func find(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesRead)
        guard let favorite = try await favorites.find(context.parameters.id(), as: caller) else { throw APIError.notFound("favorite") }
        return try .json(favorite, request: request)
    }

    @Sendable func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesWrite)
        let (id, version) = (try context.parameters.id(), try request.ifMatch())
        let patch = try await request.decode(as: FavoritePatch.self, context: context)
        guard let favorite = try await favorites.update(id, patch, ifMatch: version, as: caller) else { throw APIError.notFound("favorite") }
        return try .json(favorite, request: request)
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesWrite)
        guard try await favorites.delete(context.parameters.id(), ifMatch: request.ifMatch(), as: caller) else { throw APIError.notFound("favorite") }
        return Response(status: .noContent)
    }
}
