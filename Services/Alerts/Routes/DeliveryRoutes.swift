import Foundation
import Hummingbird
import ServiceKit

struct DeliveryRoutes {
    let deliveries: DeliveryStore

    func add(to router: Router<APIContext>) {
        router.get("/v1/notifications/deliveries", use: list)
        router.get("/v1/notifications/{id}/deliveries", use: ofNotification)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsRead)
        let status = try request.query("status", as: DeliveryStatus.self)
        return try .json(try await deliveries.list(status: status, page: PageRequest(request), as: caller), request: request)
    }

    @Sendable func ofNotification(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsRead)
        guard let found = try await deliveries.list(of: context.parameters.id(), as: caller) else { throw APIError.notFound("notification") }
        return try .json(Deliveries(items: found), request: request)
    }

    struct Deliveries: Codable {
        var items: [Delivery]
    }
}
