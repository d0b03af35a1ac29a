import Contracts
import ServiceKit

/// What is offered and who wants it.
@main
struct CatalogService: HearthService {
    static let name = ServiceName.catalog
    static var openAPI: [UInt8] { PackageResources.openapi_json }

    static func build(_ platform: Platform) async throws -> Assembly {
        let configuration = try CatalogConfiguration(platform.settings, platform.configuration)
        let epoch = SearchEpoch(postgres: platform.postgres, listener: platform.listener, logger: platform.logger)
        let listings = ListingStore(postgres: platform.postgres, cache: platform.cache)
        let places = PlaceStore(postgres: platform.postgres, cache: platform.cache)
        let searches = SearchCriteriaStore(postgres: platform.postgres)
        let matches = MatchStore(postgres: platform.postgres, threshold: configuration.matchThreshold, applications: configuration.applications)
        let applications = ApplicationStore(postgres: platform.postgres)
        let history = ListingHistoryStore(postgres: platform.postgres)
        let ages = ListingAgeStore(postgres: platform.postgres, matches: matches)
        let sightings = SightingStore(encryption: platform.encryption)
        let contacts = try Contacts(platform)

        let router = platform.router()
        ListingRoutes(listings: listings, matches: matches, configuration: platform.configuration).add(to: router)
        ListingHistoryRoutes(history: history).add(to: router)
        SearchRoutes(search: ListingSearchStore(postgres: platform.postgres, cache: platform.cache, epoch: epoch), places: places).add(to: router)
        HomeRoutes(homes: HomeRulingStore(postgres: platform.postgres)).add(to: router)
        SearchCriteriaRoutes(searches: searches, matches: matches).add(to: router)
        ApplicationRoutes(letters: LetterStore(postgres: platform.postgres), applications: applications).add(to: router)
        FavoriteRoutes(favorites: FavoriteStore(postgres: platform.postgres)).add(to: router)
        contacts.add(to: router)

        CatalogConsumer(sightings: sightings, matches: matches, contacts: contacts.intake, applications: applications).listen(on: platform.consumer)
        contacts.listen()
        let desk = PersonalDataDesk(CatalogPersonalData(searches: searches), postgres: platform.postgres)
        desk.listen(on: platform.consumer)
        desk.answer(as: Owners.Catalog.self, on: platform.requests)

        return Assembly(
            router: router, consumer: platform.consumer, broadcasts: platform.broadcasts, requests: platform.requests,
            jobs: [
                ListingAgeing(
                    store: ages, limits: configuration.ageLimits, pause: configuration.ageingPause, logger: platform.logger),
                WaitingListings(matches: matches, logger: platform.logger, pause: configuration.searchRunPause),
                epoch, PlaceKeeper(places: places, logger: platform.logger),
                ApplicationSender(applications: applications, encryption: platform.encryption, keys: contacts.keys, logger: platform.logger),
                SearchRunner(
                    runs: SearchRunStore(postgres: platform.postgres, matches: matches), logger: platform.logger, pause: configuration.searchRunPause),
            ] + contacts.jobs, caches: ["listing:"])
    }
}
