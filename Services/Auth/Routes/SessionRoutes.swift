import Foundation
import Hummingbird
import ServiceKit

/// Where a person is signed in.
struct SessionRoutes: Sendable {
    let sessions: SessionStore
    let cache: SessionCache

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/auth/sessions", use: list)
        router.delete("/v1/auth/sessions/{id}", use: end)
        router.post("/v1/auth/sessions/revoke-others", use: endOthers)
    }

    struct Ended: Codable, Sendable {
        var ended: Int
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<Session> {
        let caller = try context.requireCaller()
        let page = try PageRequest<UUID>(request)
        let rows = try await sessions.list(after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    @Sendable func end(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.requireCaller()
        let id = try context.parameters.id()
        guard try await sessions.end(id, because: .revoked, as: caller) else { throw APIError.notFound("session") }
        await cache.forget([id], of: caller.userID)
        return .noContent
    }

    @Sendable func endOthers(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        let ended = try await sessions.endOthers(as: caller)
        await cache.forget(ended, of: caller.userID)
        return try .json(Ended(ended: ended.count), request: request)
    }
}
