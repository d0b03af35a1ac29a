import Files
import Foundation
import Hummingbird
import Outbound
import Postgres
import ServiceKit
import ServiceLifecycle

/// The contacts part of the scraper: what it stands on, serves, hears and does by the clock.
struct Discovery: Sendable {
    private let platform: Platform
    private let files: any FileStore
    private let jobs: DiscoveryJobStore
    private let results: DiscoveryResultStore
    private let worker: DiscoveryWorker
    private let allowed: Set<HostPort>

    init(_ platform: Platform, files: any FileStore, fetcher: Fetcher, allowed: Set<HostPort>, lease: Duration) throws {
        self.platform = platform
        self.allowed = allowed
        self.files = files
        let seals = ResultSeals(encryption: platform.encryption)
        jobs = DiscoveryJobStore(postgres: platform.postgres)
        results = DiscoveryResultStore(postgres: platform.postgres, seals: seals)
        let reader = SourceReader(threads: try platform.settings.int("SCRAPER_READERS", default: 2))
        let asksDNS = try platform.settings.bool("SCRAPER_CHECK_MAIL_DOMAINS", default: false)
        let run = DiscoveryRun(
            jobs: jobs, work: DiscoveryWorkStore(postgres: platform.postgres, lease: lease, seals: seals),
            artifacts: ArtifactStore(postgres: platform.postgres), files: files,
            fetches: FetchStore(postgres: platform.postgres),
            fetcher: fetcher.accepting("text/html, application/pdf;q=0.9, image/*;q=0.9, */*;q=0.1", mostBytes: reader.limits.bytes), reader: reader,
            mail: asksDNS ? DNSMailDomainCheck(reader: reader) : NoMailDomainCheck(), logger: platform.logger, worker: UUID(), lease: lease,
            backoff: try platform.settings.duration("SCRAPER_RETRY_PAUSE", default: .seconds(30)))
        worker = DiscoveryWorker(jobs: jobs, run: run, postgres: platform.postgres, logger: platform.logger)
    }

    func add(to router: Router<APIContext>) {
        DiscoveryRoutes(jobs: jobs, results: results, scraping: JobStore(postgres: platform.postgres), files: files, allowed: allowed).add(to: router)
    }

    func listen() { DiscoveryConsumer(jobs: jobs, results: results).listen(on: platform.consumer) }

    func deleteAll(ofAgency agency: UUID, _ tx: Transaction) async throws { try await jobs.deleteAll(ofAgency: agency, tx) }

    var services: [any Service] { [worker, DiscoveryUpkeep(jobs: jobs, logger: platform.logger)] }
}
