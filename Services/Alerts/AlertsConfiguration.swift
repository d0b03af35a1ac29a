import Foundation
import Outbound
import ServiceKit

/// Every setting of this service beyond the platform's.
struct AlertsConfiguration {
    /// `PUBLIC_URL`: where a person reaches the gateway; links in mails begin with it.
    var publicURL: String
    /// `STREAM_BEAT`: how often a silent stream says that it lives.
    var streamBeat: Duration
    /// `STREAMS_PER_USER`: live streams one person may hold open on one copy.
    var maximumStreamsPerUser: Int
    /// `STREAMS_MAXIMUM`: live streams that one copy holds at most.
    var maximumStreams: Int
    /// `FIRST_CHANNEL_LIMITS`: mails an hour and a day to the address with which somebody registers, such as 100/1000.
    var firstLimits: ChannelLimits
    /// `DELIVERY_LEASE`: how long a copy has for what it sends; what it had when it was killed waits as long.
    var deliveryLease: Duration
    /// `ALERTS_ALLOWED_HOSTS`: servers (`host:port`) on private addresses, or without TLS, that webhooks and push endpoints may name all the same: those of
    /// tests and of one's own network.
    var allowedHosts: Set<HostPort>
    /// `VAPID_PRIVATE_KEY` (32 bytes in base64url) and `VAPID_SUBJECT` (`mailto:` or `https:`); without a key nobody has push channels.
    var vapid: VAPIDKey?
    /// `DISCORD_API_URL` and `TELEGRAM_API_URL`: where their APIs are.
    var discordURL: String
    var telegramURL: String
    /// `DISCORD_BOT_TOKEN` and `TELEGRAM_BOT_TOKEN`: the operator's bots, for channels that bring none of their own.
    var discordToken: String?
    var telegramToken: String?
    /// `SMS_PROVIDER_URL` and what goes with it; nil when there is no provider of text messages.
    var sms: SMSConfiguration?

    init(_ settings: Settings) throws {
        publicURL = try settings.publicURL()
        streamBeat = try settings.duration("STREAM_BEAT", default: .seconds(15))
        maximumStreamsPerUser = try settings.int("STREAMS_PER_USER", default: 10)
        maximumStreams = try settings.int("STREAMS_MAXIMUM", default: 5000)
        firstLimits = try ChannelLimits(setting: settings.string("FIRST_CHANNEL_LIMITS", default: "100/1000"), named: "FIRST_CHANNEL_LIMITS")
        deliveryLease = try settings.duration("DELIVERY_LEASE", default: .seconds(90))
        allowedHosts = Set(
            try settings.list("ALERTS_ALLOWED_HOSTS", default: []).map { text in
                guard let server = HostPort(text) else { throw SettingError("ALERTS_ALLOWED_HOSTS", "holds \"\(text)\", which is not host:port") }
                return server
            })
        if let key = try? settings.secret("VAPID_PRIVATE_KEY") {
            vapid = VAPIDKey(private: key, subject: settings.string("VAPID_SUBJECT", default: publicURL))
            if vapid == nil { throw SettingError("VAPID_PRIVATE_KEY", "is not a key of 32 bytes in base64url") }
        }
        discordURL = try Self.api(settings, "DISCORD_API_URL", default: "https://discord.com/api/v10")
        telegramURL = try Self.api(settings, "TELEGRAM_API_URL", default: "https://api.telegram.org")
        discordToken = try? settings.secret("DISCORD_BOT_TOKEN")
        telegramToken = try? settings.secret("TELEGRAM_BOT_TOKEN")
        sms = try SMSConfiguration(settings)
    }

    /// An API that the operator has on a network of their own, without TLS, may be asked there.
    var outside: AddressGuard {
        let own = [discordURL, telegramURL].filter { $0.hasPrefix("http://") }.compactMap { URL(string: $0).flatMap { HostPort($0) } }
        return AddressGuard(allowed: allowedHosts.union(own))
    }

    private static func api(_ settings: Settings, _ name: String, default standard: String) throws -> String {
        let text = settings.string(name, default: standard)
        guard let url = URL(string: text), HostPort(url) != nil, url.query == nil else { throw SettingError(name, "is not a URL of a host") }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
