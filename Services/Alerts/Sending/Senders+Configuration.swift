import Outbound

extension Senders {
    init(_ configuration: AlertsConfiguration) {
        let client = GuardedClient(addresses: configuration.outside)
        self.init(
            sms: configuration.sms.map { SMSProvider(configuration: $0) },
            push: configuration.vapid.map { PushSender(client: client, vapid: $0) },
            discord: DiscordSender(client: client, baseURL: configuration.discordURL, botToken: configuration.discordToken),
            telegram: TelegramSender(client: client, baseURL: configuration.telegramURL, botToken: configuration.telegramToken),
            webhooks: WebhookSender(client: client))
    }
}
