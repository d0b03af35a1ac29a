import Hummingbird
import ServiceKit

/// How far somebody has been forgotten. They have no account any more, so it is a token that lets them look.
struct ErasureRoutes: Sendable {
    let erasures: ErasureStore

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/auth/erasures", use: show)
    }

    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let token = try request.query("token", maximum: 200), let erasure = try await erasures.find(OpaqueToken(token)) else {
            throw APIError.notFound("erasure")
        }
        return try .json(erasure, request: request, headers: [.cacheControl: "no-store"])
    }
}
