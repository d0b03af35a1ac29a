import Contracts
import Redis
import ServiceKit

/// Every e-mail that leaves Hearth.
@main
struct CampaignsService: HearthService {
    static let name = ServiceName.campaigns
    static var openAPI: [UInt8] { PackageResources.openapi_json }

    static func build(_ platform: Platform) async throws -> Assembly {
        let configuration = try CampaignsConfiguration(platform.settings)

        let queue = EmailQueueStore(postgres: platform.postgres)
        let templates = TemplateStore(postgres: platform.postgres, cache: platform.cache)
        let suppressions = SuppressionStore(postgres: platform.postgres)
        let compiled = CompiledTemplates()

        let router = platform.router()
        TemplateRoutes(templates: templates).add(to: router)
        EmailRoutes(queue: queue).add(to: router)
        UnsubscribeRoutes(suppressions: suppressions, encryption: platform.encryption).add(to: router)

        let intake = MailIntake(
            queue: queue, templates: templates, compiled: compiled, encryption: platform.encryption, from: configuration.from,
            publicURL: configuration.publicURL, maximumRetries: configuration.sender.schedule.maximumRetries)
        let recipients = RecipientStore()
        CampaignsConsumer(intake: intake, queue: queue, recipients: recipients, templates: templates).register(on: platform.consumer)
        let desk = PersonalDataDesk(CampaignsPersonalData(recipients: recipients, queue: queue), postgres: platform.postgres)
        desk.listen(on: platform.consumer)
        desk.answer(as: Owners.Campaigns.self, on: platform.requests)

        let sender = MailSender(
            queue: queue,
            composer: MailComposer(templates: templates, compiled: compiled, encryption: platform.encryption, publicURL: configuration.publicURL),
            smtp: SMTPClient(configuration.smtp), recorder: OutcomeRecorder(queue: queue, logger: platform.logger), settings: configuration.sender,
            logger: platform.logger)
        return Assembly(
            router: router, consumer: platform.consumer, broadcasts: platform.broadcasts, requests: platform.requests, jobs: [sender],
            caches: ["template:"])
    }
}
