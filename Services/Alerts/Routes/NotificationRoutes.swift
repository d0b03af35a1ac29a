import Foundation
import Hummingbird
import ServiceKit

struct NotificationRoutes {
    let notifications: NotificationStore
    let recipients: RecipientStore
    let deliveries: DeliveryStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/notifications")
            .get(use: list)
            .post(use: remind)
            .get("unread-count", use: unread)
            .post("read", use: readAll)
            .post("bulk", use: bulk)
            .get("{id}", use: find)
            .post("{id}/read", use: read)
            .delete("{id}", use: archive)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsRead)
        return try .json(try await notifications.list(InboxFilter(request), page: PageRequest(request), as: caller), request: request)
    }

    /// A reminder of one's own.
    @Sendable func remind(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsWrite)
        let body = try await request.decode(as: ReminderBody.self, context: context)
        let new = body.notification(for: caller.userID)
        let reminder = try await notifications.remind(new, recipients: recipients, deliveries: deliveries)
        switch reminder {
        case .added(let notification): return try .json(notification, status: .created, request: request)
        case .unknownPerson: throw APIError.accountNotKnown
        case .tooMany: throw APIError.conflict("too-many-reminders", "You have as many reminders yet to come as one may.")
        }
    }

    @Sendable func find(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsRead)
        guard let notification = try await notifications.find(context.parameters.id(), as: caller)
        else { throw APIError.notFound("notification") }
        return try .json(notification, request: request)
    }

    @Sendable func unread(_ request: Request, _ context: APIContext) async throws -> Response {
        try .json(try await notifications.unread(as: context.require(.notificationsRead)), request: request)
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

    @Sendable func bulk(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsWrite)
        let body = try await request.decode(as: BulkBody.self, context: context)
        let changed =
            switch body.action {
            case .read: try await notifications.mark(body.ids, as: caller)
            case .archive: try await notifications.archive(body.ids, true, as: caller)
            case .restore: try await notifications.archive(body.ids, false, as: caller)
            }
        return try .json(Changed(items: changed), request: request)
    }

    @Sendable func archive(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsWrite)
        guard try await !notifications.archive([context.parameters.id()], true, as: caller).isEmpty else { throw APIError.notFound("notification") }
        return Response(status: .noContent)
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

    struct BulkBody: Decodable, Validated {
        enum Action: String, WireEnumeration { case read, archive, restore }

        var action: Action
        var ids: [UUID]

        func validate(_ check: inout Validation) {
            check((1...100).contains(ids.count), "/ids", "length", "must be between 1 and 100")
        }
    }

    /// Those of the asked ones that are the caller's.
    struct Changed: Codable {
        var items: [Notification]
    }
}
