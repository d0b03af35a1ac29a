import Contracts
import ServiceKit

/// Telling people: whom, when and where.
@main
struct AlertsService: HearthService {
    static let name = ServiceName.alerts
    static var openAPI: [UInt8] { PackageResources.openapi_json }

    static func build(_ platform: Platform) async throws -> Assembly {
        let configuration = try AlertsConfiguration(platform.settings)
        let recipients = RecipientStore()
        let notifications = NotificationStore(postgres: platform.postgres)
        let channels = ChannelStore(postgres: platform.postgres)
        let tickets = StreamTicketStore(postgres: platform.postgres)
        let textMessages = SMSStore(postgres: platform.postgres)
        let streams = LiveStreams(maximumPerUser: configuration.maximumStreamsPerUser, maximum: configuration.maximumStreams)

        let router = platform.router()
        NotificationRoutes(notifications: notifications).add(to: router)
        StreamRoutes(notifications: notifications, tickets: tickets, streams: streams, beat: configuration.streamBeat).add(to: router)
        ChannelRoutes(channels: channels).add(to: router)

        AlertsConsumer(
            recipients: recipients, notifications: notifications, channels: channels, textMessages: textMessages,
            hasSMSProvider: configuration.sms != nil, publicURL: configuration.publicURL
        ).listen(on: platform.consumer)
        let desk = PersonalDataDesk(AlertsPersonalData(recipients: recipients, textMessages: textMessages), postgres: platform.postgres)
        desk.listen(on: platform.consumer)
        desk.answer(as: Owners.Alerts.self, on: platform.requests)
        StreamBroadcasts(streams: streams).listen(on: platform.broadcasts)

        let smsSender = configuration.sms.map {
            SMSSender(
                queue: textMessages, provider: SMSProvider(configuration: $0), encryption: platform.encryption, logger: platform.logger)
        }
        return Assembly(
            router: router, consumer: platform.consumer, broadcasts: platform.broadcasts, requests: platform.requests,
            jobs: [
                StreamKeeper(streams: streams, broker: platform.broker, broadcasts: platform.broadcasts),
                TicketSweeper(tickets: tickets, logger: platform.logger),
            ] + (smsSender.map { [$0] } ?? []))
    }
}
