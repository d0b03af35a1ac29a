import Foundation
import Hummingbird
import ServiceKit

/// `/v1/emails`: the mails that went to somebody, or are about to. People see their own, administrators all.
struct EmailRoutes: Sendable {
    let queue: EmailQueueStore

    func add(to router: Router<APIContext>) {
        let group = router.group("/v1/emails")
        group.get(use: list)
        group.get(":id", use: get)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<Email> {
        let caller = try context.require(.emailsRead)
        let page = try PageRequest<UUID>(request)
        let status = try request.query("status", as: EmailStatus.self)
        let asked = try request.query("user_id", as: UUID.self)
        let user = caller.role == .administrator ? asked : caller.userID
        let rows = try await queue.list(user: user, status: status, after: page.after, limit: page.limit + 1, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    @Sendable func get(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.emailsRead)
        guard let email = try await queue.find(try context.parameters.id(), as: caller) else { throw APIError.notFound("email") }
        return try .json(email, request: request)
    }
}
