import Foundation
import Hummingbird
import ServiceKit

struct ListingHistoryRoutes {
    let history: ListingHistoryStore

    func add(to router: Router<APIContext>) {
        router.get("/v1/listings/{id}/history", use: list)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.id()
        let page = try PageRequest<UUID>(request)
        guard let entries = try await history.history(of: id, kind: request.query("kind"), page: page)
        else { throw APIError.notFound("listing") }
        return try .json(entries, request: request)
    }
}
