import Foundation
import Outbound
import ServiceKit

/// What adds a channel: of `address`, the members that its type wants.
struct NewChannelBody: Decodable, Sendable, Validated {
    struct Address: Decodable, Sendable {
        var email: String?
        var phoneNumber: String?
        var subscription: PushSubscription?
        var channelID: String?
        var chatID: String?
        var botToken: String?
        var url: String?
        var secret: String?

        enum CodingKeys: String, CodingKey {
            case email
            case phoneNumber = "phone_number"
            case subscription
            case channelID = "channel_id"
            case chatID = "chat_id"
            case botToken = "bot_token"
            case url, secret
        }
    }

    var channelType: ChannelType
    var channelName: String
    var address: Address
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
        check(
            address.botToken?.wholeMatch(of: /[A-Za-z0-9:._-]{20,200}/) != nil || address.botToken == nil, "/address/bot_token", "format",
            "is not the token of a bot")
    }

    /// Throws 422 with what is missing of the address or cannot be one.
    func channel(asking addresses: AddressGuard) throws -> NewChannel {
        var check = Validation()
        let found = address(&check, addresses)
        try check.finish()
        guard let found else { throw APIError.invalid([FieldError("/address", "required", "is not whole")]) }
        let standard = ChannelLimits.standard
        return NewChannel(
            name: channelName, address: found, types: enabledNotificationTypes ?? [.newListing, .contactFound], frequency: frequency ?? .immediate,
            limits: ChannelLimits(perHour: rateLimitPerHour ?? standard.perHour, perDay: rateLimitPerDay ?? standard.perDay),
            metadata: metadata ?? [:])
    }

    private func address(_ check: inout Validation, _ addresses: AddressGuard) -> ChannelAddress? {
        switch channelType {
        case .email:
            let email = address.email?.lowercased() ?? ""
            let holds = email.utf8.count <= 254 && email.wholeMatch(of: /[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}/) != nil
            check(holds, "/address/email", "format", "must be an e-mail address")
            return .email(email)
        case .sms:
            let number = (address.phoneNumber ?? "").filter { !" -/()".contains($0) }
            check(number.wholeMatch(of: /\+[1-9][0-9]{6,14}/) != nil, "/address/phone_number", "format", "must be a number such as +4915112345678")
            return .sms(number)
        case .push:
            guard let subscription = address.subscription else {
                check(false, "/address/subscription", "required", "must be the browser's subscription")
                return nil
            }
            expectPublic(subscription.endpoint, "/address/subscription/endpoint", &check, addresses)
            check(subscription.publicKey != nil, "/address/subscription/keys/p256dh", "format", "must be a point on P-256 in base64url")
            check(subscription.secret != nil, "/address/subscription/keys/auth", "format", "must be 16 bytes in base64url")
            return .push(subscription)
        case .discord:
            let id = address.channelID ?? ""
            check(id.wholeMatch(of: /[0-9]{15,20}/) != nil, "/address/channel_id", "format", "must be the number of a channel")
            return .discord(channelID: id, botToken: address.botToken)
        case .telegram:
            let id = address.chatID ?? ""
            check(id.wholeMatch(of: /-?[0-9]{1,16}|@[A-Za-z][A-Za-z0-9_]{4,31}/) != nil, "/address/chat_id", "format", "must be the number of a chat")
            return .telegram(chatID: id, botToken: address.botToken)
        case .webhook:
            expectPublic(address.url ?? "", "/address/url", &check, addresses)
            let secret = address.secret ?? ""
            check(WebhookSecret(secret) != nil, "/address/secret", "format", "must be whsec_ and 24 to 64 bytes in base64")
            return .webhook(url: address.url ?? "", secret: secret)
        }
    }

    /// What can be seen without asking for the name's addresses, which is done each time something is sent.
    private func expectPublic(_ text: String, _ pointer: String, _ check: inout Validation, _ addresses: AddressGuard) {
        guard text.utf8.count <= 2048, let url = URL(string: text), let server = HostPort(url), url.user() == nil, url.fragment() == nil else {
            check(false, pointer, "format", "must be an https address")
            return
        }
        let isAllowed = addresses.allowed.contains(server)
        check(isAllowed || url.scheme?.lowercased() == "https", pointer, "format", "must be an https address")
        check(isAllowed || IPAddress(server.host)?.isPublic ?? (server.host != "localhost"), pointer, "refused", "is not a public address")
    }

    enum CodingKeys: String, CodingKey {
        case channelType = "channel_type"
        case channelName = "channel_name"
        case address
        case enabledNotificationTypes = "enabled_notification_types"
        case frequency
        case rateLimitPerHour = "rate_limit_per_hour"
        case rateLimitPerDay = "rate_limit_per_day"
        case metadata
    }
}

extension Validation {
    /// What a channel's owner sets for its kind: `silent` for Discord and Telegram, and notes of their own.
    mutating func metadata(_ metadata: [String: String]?) {
        guard let metadata else { return }
        self(metadata.count <= 10, "/metadata", "too-many", "has more than 10 entries")
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
            let holds = name.wholeMatch(of: /[a-z][a-z0-9_]{0,49}/) != nil && value.unicodeScalars.count <= 200
            self(holds, "/metadata/\(name.limited(to: 50))", "format", "must be a short name with a text of at most 200 characters")
            self(name != "silent" || ["true", "false"].contains(value), "/metadata/silent", "format", "must be true or false")
        }
    }
}
