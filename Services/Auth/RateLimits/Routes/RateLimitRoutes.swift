import Foundation
import Hummingbird
import ServiceKit

/// How often whom asked, and who is shut out, for administrators.
struct RateLimitRoutes: Sendable {
    let limits: RateLimitStore
    let configuration: Configuration

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/rate-limits", use: list)
        router.post("/v1/rate-limits/blocks", use: block)
        router.delete("/v1/rate-limits/blocks/{id}", use: unblock)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<RateLimitRecord> {
        let caller = try context.require(.rateLimitsManage)
        let page = try PageRequest<UUID>(request)
        let rows = try await limits.list(RateLimitFilter(request), after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    @Sendable func block(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.rateLimitsManage)
        let body = try await request.decode(as: NewBlock.self, context: context)
        let own = [caller.userID.uuidString.lowercased(), context.clientIP.map(RateLimitSubject.network) ?? ""]
        guard !own.contains(body.identifier) else { throw APIError.conflict("own-block", "That would shut you out yourself.") }
        let record = try await limits.block(body, as: caller)
        await refresh()
        return try .json(record, status: .created, request: request)
    }

    @Sendable func unblock(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.require(.rateLimitsManage)
        guard try await limits.unblock(context.parameters.id(), as: caller) != nil else { throw APIError.notFound("block") }
        await refresh()
        return .noContent
    }

    /// In this copy at once; the others hear of it by event.
    private func refresh() async { try? await configuration.reload() }
}
