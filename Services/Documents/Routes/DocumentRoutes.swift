import Foundation
import Hummingbird
import ServiceKit

struct DocumentRoutes {
    let documents: DocumentStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/documents")
            .get(use: list)
            .get("{id}", use: find)
            .patch("{id}", use: update)
            .delete("{id}", use: delete)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.documentsRead)
        let filter = try DocumentFilter(request)
        if let agencyID = filter.agencyID, !caller.agencies(where: .documentsRead).contains(agencyID) { throw APIError.forbidden }
        return try .json(try await documents.list(filter, page: PageRequest(request), as: caller), request: request)
    }

    @Sendable func find(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let document = try await documents.find(context.parameters.id(), as: context.permitted(.documentsRead)) else {
            throw APIError.notFound("document")
        }
        return try .json(document, request: request)
    }

    @Sendable func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.documentsWrite)
        let id = try context.parameters.id()
        let version = try request.ifMatch()
        let patch = try await request.decode(as: DocumentPatch.self, context: context)
        guard let document = try await documents.update(id, ifMatch: version, as: caller, patch) else { throw APIError.notFound("document") }
        return try .json(document, request: request)
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.documentsWrite)
        guard try await documents.delete(context.parameters.id(), ifMatch: request.ifMatch(), as: caller)
        else { throw APIError.notFound("document") }
        return Response(status: .noContent)
    }
}
