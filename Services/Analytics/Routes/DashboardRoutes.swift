import Foundation
import Hummingbird
import ServiceKit

struct DashboardRoutes {
    let dashboards: DashboardStore

    func add(to router: Router<APIContext>) {
        router.get("/v1/analytics/overview", use: overview)
    }

    @Sendable func overview(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.analyticsRead)
        return try .json(try await dashboards.overview(as: caller), request: request)
    }
}
