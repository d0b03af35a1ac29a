import Foundation
import Hummingbird
import ServiceKit

/// What no contact may have.
struct ContactBlacklistRoutes: Sendable {
    let blacklist: ContactBlacklistStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/contact-blacklist")
            .post(use: add)
            .get(use: list)
            .delete("{id}", use: remove)
    }

    struct EntryBody: Decodable, Validated {
        var kind: BlacklistKind
        var value: String
        var reason: String

        func validate(_ check: inout Validation) {
            check(value.unicodeScalars.count <= 2000, "/value", "length", "must be at most 2000 characters long")
            check(kind.accepts(value), "/value", "format", "is no \(kind.rawValue)")
            check.text(reason, "/reason", maximum: 500)
        }
    }

    @Sendable func add(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsManage)
        let body = try await request.decode(as: EntryBody.self, context: context)
        guard let entry = try await blacklist.add(body.value, body.kind, reason: body.reason, as: caller) else {
            throw APIError.conflict("already-blacklisted", "It is on the blacklist already.")
        }
        return try .json(entry, status: .created, request: request)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsManage)
        let kind = try request.query("kind", as: BlacklistKind.self)
        return try .json(try await blacklist.list(kind: kind, page: PageRequest(request), as: caller), request: request)
    }

    @Sendable func remove(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsManage)
        guard try await blacklist.remove(context.parameters.id(), as: caller) else { throw APIError.notFound("entry") }
        return Response(status: .noContent)
    }
}
