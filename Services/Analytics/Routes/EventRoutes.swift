import Foundation
import Hummingbird
import ServiceKit

struct EventRoutes {
    let events: EventStore

    func add(to router: Router<APIContext>) {
        router.get("/v1/analytics/events", use: list)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.eventsRead)
        return try .json(
            try await events.list(
                type: request.query("event_type", maximum: 200), user: request.query("user_id", as: UUID.self), page: PageRequest(request),
                as: caller),
            request: request)
    }
}
