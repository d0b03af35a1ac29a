import Foundation
import Hummingbird
import ServiceKit

/// API keys: one's own, and those that act for an agency.
struct APIKeyRoutes: Sendable {
    let keys: APIKeyStore
    let authenticator: Authenticator

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/api-keys", use: list)
        router.post("/v1/api-keys", use: make)
        router.post("/v1/api-keys/{id}/rotate", use: rotate)
        router.delete("/v1/api-keys/{id}", use: revoke)
        router.get("/v1/agencies/{id}/api-keys", use: listOfAgency)
        router.delete("/v1/agencies/{id}/api-keys/{key_id}", use: revokeOfAgency)
    }

    struct RotationBody: Decodable, Validated {
        /// Seconds for which the old key goes on.
        var overlapSeconds: Int?
        enum CodingKeys: String, CodingKey { case overlapSeconds = "overlap_seconds" }
        func validate(_ check: inout Validation) { check.range(overlapSeconds, "/overlap_seconds", 0...Lifetimes.longestRotation) }
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<APIKey> {
        let caller = try context.require(.apiKeysRead)
        let page = try PageRequest<UUID>(request)
        let rows = try await keys.list(of: nil, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    @Sendable func make(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.apiKeysWrite)
        try context.requireSecondFactor()
        let body = try await request.decode(as: NewAPIKey.self, context: context)
        if let agency = body.agencyID { try context.require(.agencyKeysManage, in: agency) }
        let secret = APIKeySecret.random()
        let made = MadeAPIKey(key: secret.text, apiKey: try await keys.make(body, secret, as: caller))
        return try .json(made, status: .created, request: request, headers: Self.unstored)
    }

    @Sendable func rotate(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.apiKeysWrite)
        try context.requireSecondFactor()
        let id = try context.parameters.id()
        let body = try await request.decode(as: RotationBody.self, context: context)
        let (secret, overlap) = (APIKeySecret.random(), body.overlapSeconds ?? 0)
        guard let key = try await keys.rotate(id, secret, overlap: overlap, as: caller) else { throw APIError.notFound("API key") }
        if overlap == 0 { authenticator.end(id) } else { authenticator.forget(user: caller.userID) }
        return try .json(MadeAPIKey(key: secret.text, apiKey: key), status: .created, request: request, headers: Self.unstored)
    }

    @Sendable func revoke(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.require(.apiKeysWrite)
        return try await revoke(context.parameters.id(), of: nil, as: caller)
    }

    @Sendable func listOfAgency(_ request: Request, _ context: APIContext) async throws -> Page<APIKey> {
        let id = try context.parameters.id()
        let caller = try context.require(.agencyKeysManage, in: id)
        let page = try PageRequest<UUID>(request)
        let rows = try await keys.list(of: id, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    @Sendable func revokeOfAgency(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let id = try context.parameters.id()
        let caller = try context.require(.agencyKeysManage, in: id)
        return try await revoke(context.parameters.id("key_id"), of: id, as: caller)
    }

    /// The other copies, here and of the other services, hear of it by event.
    private func revoke(_ id: UUID, of agency: UUID?, as caller: Caller) async throws -> HTTPResponse.Status {
        guard try await keys.revoke(id, of: agency, as: caller) else { throw APIError.notFound("API key") }
        authenticator.end(id)
        return .noContent
    }

    /// A key is shown once, and not to caches.
    private static let unstored: HTTPFields = [.cacheControl: "no-store"]
}
