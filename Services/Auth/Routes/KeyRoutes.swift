import Hummingbird
import ServiceKit

/// The public keys that verify access tokens.
struct KeyRoutes: Sendable {
    let keys: SigningKeyRing

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/.well-known/jwks.json", use: list)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let set = try await keys.keys(fresh: false)
        return .json(encoded: Array(set.jwks.utf8), request: request, headers: [.cacheControl: "public, max-age=60"])
    }
}
