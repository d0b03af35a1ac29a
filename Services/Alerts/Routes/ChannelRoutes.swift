import Foundation
import Hummingbird
import Outbound
import ServiceKit

struct ChannelRoutes {
    let channels: ChannelStore
    let senders: Senders
    let addresses: AddressGuard

    func add(to router: Router<APIContext>) {
        router.group("/v1/notification-channels")
            .get(use: list)
            .post(use: create)
            .get("types", use: types)
            .get("{id}", use: find)
            .patch("{id}", use: update)
            .delete("{id}", use: remove)
            .post("{id}/verification", use: sendCode)
            .post("{id}/verify", use: verify)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        try .json(Channels(items: try await channels.list(as: context.require(.notificationsRead))), request: request)
    }

    @Sendable func types(_ request: Request, _ context: APIContext) async throws -> Response {
        try context.require(.notificationsRead)
        return try .json(Types(types: senders.types, vapidPublicKey: senders.push?.vapid.publicKey), request: request)
    }

    @Sendable func find(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsRead)
        guard let channel = try await channels.find(context.parameters.id(), as: caller) else { throw APIError.notFound("channel") }
        return try .json(channel, request: request)
    }

    @Sendable func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsWrite)
        let body = try await request.decode(as: NewChannelBody.self, context: context)
        let new = try body.channel(asking: addresses)
        guard senders.types.contains(new.address.type), senders.canReach(new.address) else {
            throw APIError.conflict("channel-unavailable", "Nobody here can send by \(new.address.type.rawValue).")
        }
        return try await refusing { try .json(try await channels.add(new, as: caller), status: .created, request: request) }
    }

    @Sendable func sendCode(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsWrite)
        let id = try context.parameters.id()
        return try await refusing {
            guard let channel = try await channels.sendCode(to: id, as: caller) else { throw APIError.notFound("channel") }
            return try .json(channel, status: .accepted, request: request)
        }
    }

    @Sendable func verify(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsWrite)
        let id = try context.parameters.id()
        let body = try await request.decode(as: VerifyBody.self, context: context)
        return try await refusing {
            guard let channel = try await channels.verify(id, body.code, as: caller) else { throw APIError.notFound("channel") }
            return try .json(channel, request: request)
        }
    }

    @Sendable func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsWrite)
        let id = try context.parameters.id()
        let version = try request.ifMatch()
        let body = try await request.decode(as: UpdateBody.self, context: context)
        return try await refusing {
            guard let channel = try await channels.update(id, ifMatch: version, as: caller, body.apply) else { throw APIError.notFound("channel") }
            return try .json(channel, request: request)
        }
    }

    @Sendable func remove(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsWrite)
        guard try await channels.remove(context.parameters.id(), as: caller) else { throw APIError.notFound("channel") }
        return Response(status: .noContent)
    }

    private func refusing(_ body: () async throws -> Response) async throws -> Response {
        do { return try await body() } catch let refusal as ChannelRefusal { throw APIError(refusal) }
    }

    struct Channels: Codable {
        var items: [Channel]
    }

    struct Types: Codable {
        var types: [ChannelType]
        /// The `applicationServerKey` of a browser's subscription.
        var vapidPublicKey: String?

        enum CodingKeys: String, CodingKey {
            case types
            case vapidPublicKey = "vapid_public_key"
        }
    }

    struct VerifyBody: Decodable, Sendable, Validated {
        var code: String

        func validate(_ check: inout Validation) {
            check(code.wholeMatch(of: /[0-9]{6}/) != nil, "/code", "format", "must be six digits")
        }
    }

    struct UpdateBody: Decodable, Sendable, Validated {
        var channelName: String?
        var isActive: Bool?
        var isPrimary: Bool?
        var enabledNotificationTypes: [NotificationType]?
        var frequency: Frequency?
        var rateLimitPerHour: Int?
        var rateLimitPerDay: Int?
        var metadata: [String: String]?

        func validate(_ check: inout Validation) {
            check.text(channelName, "/channel_name", maximum: 50)
            check((enabledNotificationTypes?.count ?? 0) <= 20, "/enabled_notification_types", "too-many", "has more than 20 entries")
            check.range(rateLimitPerHour, "/rate_limit_per_hour", 0...1000)
            check.range(rateLimitPerDay, "/rate_limit_per_day", 0...10_000)
            check.metadata(metadata)
        }

        @Sendable func apply(to channel: inout Channel) {
            channel.channelName = channelName ?? channel.channelName
            channel.isActive = isActive ?? channel.isActive
            channel.isPrimary = isPrimary ?? channel.isPrimary
            channel.enabledNotificationTypes = enabledNotificationTypes ?? channel.enabledNotificationTypes
            channel.frequency = frequency ?? channel.frequency
            channel.rateLimitPerHour = rateLimitPerHour ?? channel.rateLimitPerHour
            channel.rateLimitPerDay = rateLimitPerDay ?? channel.rateLimitPerDay
            channel.metadata = metadata ?? channel.metadata
        }

        enum CodingKeys: String, CodingKey {
            case channelName = "channel_name"
            case isActive = "is_active"
            case isPrimary = "is_primary"
            case enabledNotificationTypes = "enabled_notification_types"
            case frequency
            case rateLimitPerHour = "rate_limit_per_hour"
            case rateLimitPerDay = "rate_limit_per_day"
            case metadata
        }
    }
}
