import Contracts
import ServiceKit

/// What happened, and how it looks.
@main
struct AnalyticsService: HearthService {
    static let name = ServiceName.analytics
    static var openAPI: [UInt8] { PackageResources.openapi_json }

    static func build(_ platform: Platform) async throws -> Assembly {
        let configuration = try AnalyticsConfiguration(platform.settings)
        let events = EventStore(postgres: platform.postgres)
        let audit = AuditLogStore(postgres: platform.postgres)
        let dashboards = DashboardStore(postgres: platform.postgres, cache: platform.cache)

        let router = platform.router()
        DashboardRoutes(dashboards: dashboards).add(to: router)
        EventRoutes(events: events).add(to: router)
        AuditLogRoutes(audit: audit).add(to: router)

        let desk = PersonalDataDesk(AnalyticsPersonalData(events: events, audit: audit), postgres: platform.postgres)
        AnalyticsConsumer(events: events, audit: audit, desk: desk).listen(on: platform.consumer)
        desk.answer(as: Owners.Analytics.self, on: platform.requests)

        return Assembly(
            router: router, consumer: platform.consumer, broadcasts: platform.broadcasts, requests: platform.requests,
            jobs: [PartitionKeeper(months: LogPartitionStore(postgres: platform.postgres), configuration: configuration, logger: platform.logger)])
    }
}
