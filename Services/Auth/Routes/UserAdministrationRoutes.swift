import Foundation
import Hummingbird
import ServiceKit

/// Other people's accounts, for administrators.
struct UserAdministrationRoutes: Sendable {
    let users: UserAdministrationStore
    let cache: SessionCache

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/users", use: list)
        router.get("/v1/users/{id}", use: show)
        router.patch("/v1/users/{id}", use: decide)
        router.post("/v1/users/{id}/unlock", use: unlock)
        router.post("/v1/users/{id}/sessions/revoke", use: endSessions)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<ManagedUser> {
        let caller = try context.require(.usersManage)
        let page = try PageRequest<String>(request)
        let rows = try await users.list(UserFilter(request), after: page.after, limit: page.limit, as: caller)
        try await users.noteListing(of: min(rows.count, page.limit), as: caller)
        return Page(rows, limit: page.limit, key: \.user.email)
    }

    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.usersManage)
        guard let user = try await users.user(context.parameters.id(), as: caller) else { throw APIError.notFound("user") }
        return try .json(user, request: request)
    }

    /// Nobody decides about themselves, so that the last administrator cannot lock everybody out.
    @Sendable func decide(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.usersManage)
        try context.requireSecondFactor()
        let id = try context.parameters.id()
        let version = try request.ifMatch()
        let body = try await request.decode(as: AccountDecision.self, context: context)
        guard id != caller.userID else { throw APIError.conflict("own-account", "Nobody changes their own role or status.") }
        guard let (user, ended) = try await users.decide(id, body, version: version, as: caller) else {
            throw version == nil ? APIError.notFound("user") : APIError.versionMismatch
        }
        await cache.forget(ended, of: id)
        try await cache.forgetRights(of: id)
        return try .json(user, request: request)
    }

    @Sendable func unlock(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.require(.usersManage)
        guard try await users.unlock(context.parameters.id(), as: caller) else { throw APIError.notFound("user") }
        return .noContent
    }

    @Sendable func endSessions(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.usersManage)
        let id = try context.parameters.id()
        guard let ended = try await users.endSessions(of: id, as: caller) else { throw APIError.notFound("user") }
        await cache.forget(ended, of: id)
        return try .json(SessionRoutes.Ended(ended: ended.count), request: request)
    }
}
