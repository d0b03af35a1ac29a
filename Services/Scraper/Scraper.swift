import Contracts
import Files
import Foundation
import Outbound
import ServiceKit

/// Reading the outside world: jobs that fetch pages, keep them as artifacts, and tell what they say.
@main
struct ScraperService: HearthService {
    static let name = ServiceName.scraper
    static var openAPI: [UInt8] { PackageResources.openapi_json }

    static func build(_ platform: Platform) async throws -> Assembly {
        let configuration = try ScraperConfiguration(platform.settings)
        let files = FolderFileStore(root: configuration.filesPath)
        try await files.removeUnfinished()
        // Renewed all the time, so it only says how soon another copy goes on when this one has died.
        let lease = Duration.seconds(10)
        let jobs = JobStore(postgres: platform.postgres)
        let pages = PageStore(postgres: platform.postgres, lease: lease)
        let artifacts = ArtifactStore(postgres: platform.postgres)
        let fetcher = Fetcher(configuration.fetching, addresses: AddressGuard(allowed: configuration.allowedHosts), redis: platform.redis)

        let fetches = FetchStore(postgres: platform.postgres)
        let drifts = DriftStore(postgres: platform.postgres)
        let discovery = try Discovery(platform, files: files, fetcher: fetcher, allowed: configuration.allowedHosts, lease: lease)

        let router = platform.router()
        ScrapingJobRoutes(jobs: jobs, pages: pages, fetches: fetches, allowed: configuration.allowedHosts).add(to: router)
        ReaderRoutes(drifts: drifts).add(to: router)
        ArtifactRoutes(artifacts: artifacts, extractions: ExtractionStore(postgres: platform.postgres), files: files).add(to: router)
        discovery.add(to: router)
        discovery.listen()

        platform.consumer.on(AgencyDeleted.self) { event, _, tx in
            try await jobs.deleteAll(ofAgency: event.agencyID, tx)
            try await discovery.deleteAll(ofAgency: event.agencyID, tx)
        }
        let desk = PersonalDataDesk(ScraperPersonalData(jobs: jobs), postgres: platform.postgres)
        desk.listen(on: platform.consumer)
        desk.answer(as: Owners.Scraper.self, on: platform.requests)

        let run = JobRun(
            jobs: jobs, pages: pages, artifacts: artifacts, files: files, fetches: fetches, fetcher: fetcher,
            pictures: ListingPictures(store: PictureStore(postgres: platform.postgres), fetcher: fetcher, most: configuration.pictures),
            encryption: platform.encryption, logger: platform.logger, worker: UUID(), lease: lease)
        return Assembly(
            router: router, consumer: platform.consumer, broadcasts: platform.broadcasts, requests: platform.requests,
            jobs: [
                ScrapingWorker(jobs: jobs, run: run, postgres: platform.postgres, logger: platform.logger),
                ScrapingScheduler(jobs: jobs, logger: platform.logger),
                Retention(ScraperRetention.rules, postgres: platform.postgres, logger: platform.logger),
                FileCollector(
                    orphans: FileOrphanStore(postgres: platform.postgres, files: files), files: files, logger: platform.logger),
                CopySweep(fetches: fetches, logger: platform.logger),
                ReaderWatch(drifts: drifts, logger: platform.logger),
            ] + discovery.services)
    }
}
