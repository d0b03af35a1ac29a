import Contracts
import Files
import Foundation
import Logging
import Outbound
import Postgres
import ServiceKit

/// One job from wherever it stands to its end: result pages first, in order, then the listings they led to.
///
/// Where it stands is in the database alone. A page is fetched, stored and marked; then read and told, in one transaction. So a copy that takes over
/// fetches nothing again that was fetched, and tells nothing twice.
struct JobRun: Sendable {
    let jobs: JobStore
    let pages: PageStore
    let artifacts: ArtifactStore
    var files: any FileStore
    let fetches: FetchStore
    let fetcher: Fetcher
    let pictures: ListingPictures
    /// Where pages are read.
    var threads = ReadingThreads(name: "hearth.pages")
    let encryption: Encryption
    let logger: Logger
    /// This copy, as claims name it.
    let worker: UUID
    let lease: Duration
    /// Pages at once in one job; pages of one server wait for one another all the same.
    var concurrency = 4

    func run(_ job: ScrapingJob) async {
        do {
            guard job.claims <= JobSettings.mostClaims else {
                return try await jobs.end(job.id, by: worker, failure: "it was taken up \(JobSettings.mostClaims) times and came no further")
            }
            try await renewing(job.id) { try await work(job) }
        } catch is JobLost {
            logger.info("The job is no longer this copy's.", metadata: ["job_id": "\(job.id)"])
        } catch is CancellationError {
            await release(job)
        } catch {
            logger.error("The job was interrupted and will be taken up again.", metadata: ["job_id": "\(job.id)", "error": "\(error)"])
            // Each time twice as late.
            let pause = lease / .seconds(1) * Double(1 << min(job.claims, JobSettings.mostClaims))
            try? await jobs.rest(job.id, until: Date(timeIntervalSinceNow: pause), by: worker)
        }
    }

    private func work(_ job: ScrapingJob) async throws {
        guard let settings = JobSettings(job.configuration), let reader = Readers.named(settings.provider) else {
            return try await jobs.end(job.id, by: worker, failure: "the job's configuration names no provider and result page that can be read")
        }
        // What is read again is there already: nothing is fetched, and nothing that result pages lead to.
        if job.jobType != JobSettings.replayType { try await pages.begin(job, at: settings.resultURL) }
        while let page = try await pages.open(job.id, kind: .result, limit: 1).first {
            try await handle(page, of: job) { try await readResults($0, page, reader, job, settings) }
        }
        if try await rests(job, for: .result) { return }
        if let failure = try await pages.beginningFailed(job.id) {
            return try await jobs.end(job.id, by: worker, failure: failure)
        }
        while true {
            let open = try await pages.open(job.id, kind: .listing, limit: 100)
            if open.isEmpty { break }
            try await visit(open, of: job, reader)
        }
        if try await rests(job, for: .listing) { return }
        try await jobs.end(job.id, by: worker, failure: nil, note: pages.shortfall(job.id))
    }

    /// Pages that failed for a passing reason are tried again later: until then nobody holds the job.
    private func rests(_ job: ScrapingJob, for kind: ScrapingPage.Kind) async throws -> Bool {
        guard let next = try await pages.nextRetry(job.id, kind: kind) else { return false }
        try await jobs.rest(job.id, until: next, by: worker)
        return true
    }

    private func visit(_ open: [ScrapingPage], of job: ScrapingJob, _ reader: any ListingReader) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, page) in open.enumerated() {
                if index >= concurrency { try await group.next() }
                group.addTask { try await handle(page, of: job) { try await readListing($0, page, reader, job) } }
            }
            try await group.waitForAll()
        }
    }

    /// A page that another copy had fetched already comes from the store.
    private func handle(_ page: ScrapingPage, of job: ScrapingJob, read: @escaping @Sendable (StoredPage) async throws -> Void) async throws {
        let journal = FetchJournal()
        do {
            let fetched = page.status == .fetched ? nil : try await source.fetch(page.url, journal)
            // What was fetched is recorded even while stopping, or somebody would have to ask the site again.
            let stored = try await Task {
                if let fetched { try await store(fetched, page, job, journal) } else { try await load(page) }
            }.value
            guard try await pages.mayBegin(page) else { throw PageProblem(.unreadable, "reading it was begun again and again, and never ended") }
            try await read(stored)
        } catch let problem as PageProblem {
            try await pages.failed(page, problem, journal: journal, of: job, by: worker)
        } catch let error as PostgresError where error.isAboutData {
            // Trying again would end the same way, and hold up the job for ever.
            logger.warning("What the page states could not be stored.", metadata: ["url": "\(page.url)", "error": "\(error)"])
            try await pages.failed(
                page, PageProblem(.unreadable, "what it states cannot be stored"), journal: journal, of: job, by: worker)
        }
    }

    private var source: PageSource { PageSource(fetches: fetches, files: files, fetcher: fetcher) }

    private struct StoredPage: Sendable {
        var page: FetchedPage
        var artifact: UUID
    }

    private func store(_ fetched: FetchedPage, _ page: ScrapingPage, _ job: ScrapingJob, _ journal: FetchJournal) async throws -> StoredPage {
        let artifact = try await source.store(fetched) { file in
            let artifact = NewArtifact(
                type: Artifact.Kind(mimeType: fetched.mimeType), sourceURL: fetched.url.absoluteString, mimeType: fetched.mimeType, file: file,
                tags: [job.configuration["provider"] ?? "", page.kind.rawValue])
            return try await pages.fetched(page, fetched, artifact: artifact, journal: journal, of: job, by: worker)
        }
        return StoredPage(page: fetched, artifact: artifact)
    }

    private func load(_ page: ScrapingPage) async throws -> StoredPage {
        guard let id = page.artifactID, let artifact = try await artifacts.find(id, as: ServiceCaller()),
            let url = URL(string: page.finalURL ?? page.url)
        else { throw PageProblem(.unreadable, "its artifact is gone") }
        var bytes: [UInt8] = []
        do {
            for try await chunk in try await files.get(artifact.storagePath, range: nil) { bytes.append(contentsOf: chunk.readableBytesView) }
        } catch FileStoreError.notFound {
            throw PageProblem(.unreadable, "its artifact's file is gone")
        }
        let stored = FetchedPage(
            url: url, status: page.httpStatus ?? 200, contentType: page.contentType, bytes: bytes, fetchedAt: page.fetchedAt ?? artifact.createdAt)
        return StoredPage(page: stored, artifact: id)
    }

    private func readResults(
        _ stored: StoredPage, _ page: ScrapingPage, _ reader: any ListingReader, _ job: ScrapingJob, _ settings: JobSettings
    ) async throws {
        let results = try await read(stored.page, by: reader) { reader, page in try reader.readResults(page) }
        // A result page speaks for its own site alone: it cannot send the job elsewhere.
        let isReplay = job.jobType == JobSettings.replayType
        let server = HostPort(stored.page.url)
        let listings = isReplay ? [] : results.listings.filter { HostPort($0) == server }
        let next = isReplay ? nil : results.next.flatMap { HostPort($0) == server ? $0 : nil }
        let isLast = page.position + 1 >= settings.maxPages
        let extraction = NewExtraction(results, provider: reader.provider, fetchedAt: stored.page.fetchedAt)
        let found = PageStore.Found(listings: listings, next: isLast ? nil : next, isCut: isLast && next != nil)
        try await pages.found(found, on: page, extraction, artifact: stored.artifact, of: job.id, by: worker)
    }

    private func readListing(_ stored: StoredPage, _ page: ScrapingPage, _ reader: any ListingReader, _ job: ScrapingJob) async throws {
        let read: ListingPage
        do {
            read = try await self.read(stored.page, by: reader) { reader, page in try reader.readListing(page) }
        } catch let problem as PageProblem {
            // Kept beside those that were read: a reader that suddenly reads nothing has lost touch with its site.
            let extraction =
                problem.reason == .unreadable
                ? NewExtraction(unreadable: problem.detail, provider: reader.provider, fetchedAt: stored.page.fetchedAt) : nil
            return try await pages.failed(page, problem, extraction, artifact: stored.artifact, of: job, by: worker)
        }
        let extraction = NewExtraction(read, provider: reader.provider, fetchedAt: stored.page.fetchedAt)
        guard !read.isForSale else {
            let problem = PageProblem(.notForRent, "the home is for sale, not to let")
            return try await pages.failed(page, problem, extraction, artifact: stored.artifact, of: job, by: worker)
        }
        var listing = read.listing
        listing.contactPhoneSealed = try sealed(read.contactPhone, "catalog.listings.contact_phone")
        listing.contactEmailSealed = try sealed(read.contactEmail, "catalog.listings.contact_email")
        listing.imageHashes = try await pictures.hashes(
            of: listing.images, on: stored.page.url, reader, job: job.id, isFetching: job.jobType != JobSettings.replayType)
        try await pages.read(listing, on: page, extraction, artifact: stored.artifact, of: job.id, by: worker)
    }

    /// On a thread of its own, and only what is the provider's own: a page that was asked for there may have come from elsewhere.
    private func read<Page: Sendable>(
        _ page: FetchedPage, by reader: any ListingReader, _ body: @escaping @Sendable (any ListingReader, FetchedPage) throws -> Page
    ) async throws -> Page {
        guard reader.believes(page.url) || HostPort(page.url).map(fetcher.isAllowed) == true else {
            throw PageProblem(.unreadable, "the page is not at an address of \(reader.provider)")
        }
        do { return try await threads.run { try body(reader, page) } } catch is OutOfTime {
            throw PageProblem(.unreadable, "the page took too long to read")
        }
    }

    private func sealed(_ value: String?, _ context: String) throws -> String? {
        try value.map { Data(try encryption.seal($0, context: context)).base64EncodedString() }
    }

    /// Renews the claim while `body` runs, however long a single page takes; a claim that cannot be renewed ends the run.
    private func renewing(_ job: UUID, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask {
                while true {
                    try await Task.sleep(for: lease / 3)
                    guard try await jobs.renew(job, by: worker, lease: lease) else { throw JobLost() }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// In a task of its own, as this one is cancelled already.
    private func release(_ job: ScrapingJob) async {
        await Task {
            do { try await jobs.release(job.id, by: worker) } catch {
                logger.warning("The job stays claimed until its time is over.", metadata: ["job_id": "\(job.id)", "error": "\(error)"])
            }
        }.value
    }
}

extension PostgresError {
    /// The server refused the values themselves (classes 22 and 23), such as a NUL in a text.
    fileprivate var isAboutData: Bool {
        guard kind == .server, let state = sqlState?.rawValue else { return false }
        return state.hasPrefix("22") || state.hasPrefix("23")
    }
}
