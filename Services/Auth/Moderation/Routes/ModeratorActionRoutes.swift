import Foundation
import Hummingbird
import ServiceKit

/// What moderators do about it.
struct ModeratorActionRoutes: Sendable {
    let actions: ModeratorActionStore
    let sessions: SessionCache

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/moderation/actions", use: list)
        router.post("/v1/moderation/actions", use: take)
        router.get("/v1/moderation/actions/{id}", use: show)
        router.post("/v1/moderation/actions/{id}/reverse", use: reverse)
        router.get("/v1/users/me/moderation-actions", use: listOwn)
    }

    struct ReversalBody: Decodable, Validated {
        var reason: String
        func validate(_ check: inout Validation) { check.text(reason, "/reason", maximum: 2000, multiline: true) }
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<ModeratorAction> {
        let caller = try context.require(.moderationManage)
        let page = try PageRequest<UUID>(request)
        let rows = try await actions.list(ModeratorActionFilter(request), after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    @Sendable func take(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.moderationManage)
        let body = try await request.decode(as: NewModeratorAction.self, context: context)
        let outcome = try await actions.take(body, as: caller)
        try await forget(outcome)
        return try .json(
            outcome.action, status: .created, request: request,
            headers: [.location: "/v1/moderation/actions/\(outcome.action.id.uuidString.lowercased())"])
    }

    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.moderationManage)
        guard let action = try await actions.find(context.parameters.id(), as: caller) else { throw APIError.notFound("action") }
        return try .json(action, request: request)
    }

    @Sendable func reverse(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.moderationManage)
        let id = try context.parameters.id()
        let body = try await request.decode(as: ReversalBody.self, context: context)
        guard let outcome = try await actions.reverse(id, reason: body.reason, as: caller) else { throw APIError.notFound("action") }
        try await forget(outcome)
        return try .json(outcome.action, request: request)
    }

    @Sendable func listOwn(_ request: Request, _ context: APIContext) async throws -> Page<OwnModeratorAction> {
        let caller = try context.require(.accountRead)
        let page = try PageRequest<UUID>(request)
        let rows = try await actions.listOwn(after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    /// In this copy at once; the others hear of it by event.
    private func forget(_ outcome: ModeratorActionStore.Outcome) async throws {
        guard outcome.action.actionType.isAboutAccount, let user = outcome.action.targetUserID else { return }
        await sessions.forget(outcome.ended, of: user)
        try await sessions.forgetRights(of: user)
    }
}
