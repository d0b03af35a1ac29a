import Foundation
import Hummingbird
import ServiceKit

struct NotificationRoutes {
    let notifications: NotificationStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/notifications")
            .get(use: list)
            .get("unread-count", use: unread)
            .post("read", use: readAll)
            .get("{id}", use: find)
            .post("{id}/read", use: read)
            .delete("{id}", use: archive)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsRead)
        let unreadOnly = try request.query("unread", as: Bool.self) ?? false
        return try .json(try await notifications.list(unreadOnly: unreadOnly, page: PageRequest(request), as: caller), request: request)
    }

    @Sendable func find(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsRead)
        guard let notification = try await notifications.find(context.parameters.id(), as: caller)
        else { throw APIError.notFound("notification") }
        return try .json(notification, request: request)
    }

    @Sendable func unread(_ request: Request, _ context: APIContext) async throws -> Response {
        try .json(UnreadCount(unread: try await notifications.unread(as: context.require(.notificationsRead))), request: request)
    }

    @Sendable func read(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsWrite)
        guard let notification = try await notifications.markRead(context.parameters.id(), as: caller)
        else { throw APIError.notFound("notification") }
        return try .json(notification, request: request)
    }

    @Sendable func readAll(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsWrite)
        let body = try await request.decode(as: ReadAll.self, context: context)
        return try .json(Marked(marked: try await notifications.markAllRead(upTo: body.upTo, as: caller)), request: request)
    }

    @Sendable func archive(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsWrite)
        guard try await notifications.archive(context.parameters.id(), as: caller) else { throw APIError.notFound("notification") }
        return Response(status: .noContent)
    }

    struct UnreadCount: Codable {
        var unread: Int
    }

    /// What arrived after the newest that the person has seen stays unread.
    struct ReadAll: Decodable, Validated {
        var upTo: Int64
        enum CodingKeys: String, CodingKey { case upTo = "up_to" }
        func validate(_ check: inout Validation) { check(upTo >= 0, "/up_to", "range", "must not be negative") }
    }

    struct Marked: Codable {
        var marked: Int
    }
}
