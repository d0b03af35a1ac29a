import Foundation
import Hummingbird
import ServiceKit

struct ChannelRoutes {
    let channels: ChannelStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/notification-channels")
            .get(use: list)
            .get("{id}", use: find)
            .patch("{id}", use: update)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        try .json(Channels(items: try await channels.list(as: context.require(.notificationsRead))), request: request)
    }

    @Sendable func find(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsRead)
        guard let channel = try await channels.find(context.parameters.id(), as: caller) else { throw APIError.notFound("channel") }
        return try .json(channel, request: request)
    }

    @Sendable func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsWrite)
        let id = try context.parameters.id()
        let version = try request.ifMatch()
        let body = try await request.decode(as: UpdateBody.self, context: context)
        guard let channel = try await channels.update(id, ifMatch: version, as: caller, body.apply) else { throw APIError.notFound("channel") }
        return try .json(channel, request: request)
    }

    struct Channels: Codable {
        var items: [Channel]
    }

    struct UpdateBody: Decodable, Sendable, Validated {
        var channelName: String?
        var isActive: Bool?
        var isPrimary: Bool?
        var enabledNotificationTypes: [NotificationType]?
        var rateLimitPerHour: Int?
        var rateLimitPerDay: Int?

        func validate(_ check: inout Validation) {
            check.text(channelName, "/channel_name", maximum: 50)
            check((enabledNotificationTypes?.count ?? 0) <= 20, "/enabled_notification_types", "too-many", "has more than 20 entries")
            check.range(rateLimitPerHour, "/rate_limit_per_hour", 0...1000)
            check.range(rateLimitPerDay, "/rate_limit_per_day", 0...10_000)
        }

        @Sendable func apply(to channel: inout Channel) {
            channel.channelName = channelName ?? channel.channelName
            channel.isActive = isActive ?? channel.isActive
            channel.isPrimary = isPrimary ?? channel.isPrimary
            channel.enabledNotificationTypes = enabledNotificationTypes ?? channel.enabledNotificationTypes
            channel.rateLimitPerHour = rateLimitPerHour ?? channel.rateLimitPerHour
            channel.rateLimitPerDay = rateLimitPerDay ?? channel.rateLimitPerDay
        }

        enum CodingKeys: String, CodingKey {
            case channelName = "channel_name"
            case isActive = "is_active"
            case isPrimary = "is_primary"
            case enabledNotificationTypes = "enabled_notification_types"
            case rateLimitPerHour = "rate_limit_per_hour"
            case rateLimitPerDay = "rate_limit_per_day"
        }
    }
}
