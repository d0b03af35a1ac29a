import Contracts
import Outbound
import ServiceKit

/// Telling people: whom, when and where.
@main
struct AlertsService: HearthService {
    static let name = ServiceName.alerts
    static var openAPI: [UInt8] { PackageResources.openapi_json }

    static func build(_ platform: Platform) async throws -> Assembly {
        let configuration = try AlertsConfiguration(platform.settings)
        let recipients = RecipientStore(firstLimits: configuration.firstLimits)
        let notifications = NotificationStore(postgres: platform.postgres)
        let deliveries = DeliveryStore(postgres: platform.postgres, encryption: platform.encryption, publicURL: configuration.publicURL)
        let channels = ChannelStore(postgres: platform.postgres, encryption: platform.encryption, deliveries: deliveries)
        let preferences = PreferenceStore(postgres: platform.postgres)
        let tickets = StreamTicketStore(postgres: platform.postgres)
        let textMessages = SMSStore(postgres: platform.postgres)
        let streams = LiveStreams(maximumPerUser: configuration.maximumStreamsPerUser, maximum: configuration.maximumStreams)
        let senders = Senders(configuration)

        let router = platform.router()
        platform.endpointLimits.add(
            "notification_channels", ["POST /v1/notification-channels", "POST /v1/notification-channels/{id}/verification"],
            caller: RateLimit("notification_channels", quota: 30, per: .seconds(3600)))
        NotificationRoutes(notifications: notifications, recipients: recipients, deliveries: deliveries).add(to: router)
        DeliveryRoutes(deliveries: deliveries).add(to: router)
        StreamRoutes(notifications: notifications, tickets: tickets, streams: streams, beat: configuration.streamBeat).add(to: router)
        ChannelRoutes(channels: channels, senders: senders, addresses: configuration.outside).add(to: router)
        PreferenceRoutes(preferences: preferences).add(to: router)

        AlertsConsumer(
            recipients: recipients, notifications: notifications, deliveries: deliveries, textMessages: textMessages,
            hasSMSProvider: configuration.sms != nil, publicURL: configuration.publicURL
        ).listen(on: platform.consumer)
        let desk = PersonalDataDesk(AlertsPersonalData(recipients: recipients, textMessages: textMessages), postgres: platform.postgres)
        desk.listen(on: platform.consumer)
        desk.answer(as: Owners.Alerts.self, on: platform.requests)
        StreamBroadcasts(streams: streams).listen(on: platform.broadcasts)

        let smsSender = senders.sms.map {
            SMSSender(queue: textMessages, provider: $0, encryption: platform.encryption, logger: platform.logger)
        }
        return Assembly(
            router: router, consumer: platform.consumer, broadcasts: platform.broadcasts, requests: platform.requests,
            jobs: [
                StreamKeeper(streams: streams, broker: platform.broker, broadcasts: platform.broadcasts),
                TicketSweeper(tickets: tickets, logger: platform.logger),
                DeliverySender(queue: deliveries, senders: senders, lease: configuration.deliveryLease, logger: platform.logger),
                Arrivals(notifications: notifications, deliveries: deliveries, recipients: recipients, logger: platform.logger),
                Retention(AlertsRetention.rules, postgres: platform.postgres, logger: platform.logger),
            ] + (smsSender.map { [$0] } ?? []))
    }
}
