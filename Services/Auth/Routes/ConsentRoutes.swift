import Foundation
import Hummingbird
import ServiceKit

/// What a person has agreed to, and when.
struct ConsentRoutes: Sendable {
    let consents: ConsentStore

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/users/me/consents", use: list)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<ConsentRecord> {
        let caller = try context.require(.accountRead)
        let page = try PageRequest<UUID>(request)
        let rows = try await consents.list(after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }
}
