import ContactValues
import Files
import Foundation
import Logging
import NIOCore
import Postgres
import ServiceKit

/// One job from wherever it stands to its end: sources are written down, read one by one, and what they gave is validated and told.
///
/// Where it stands is in the database alone; a source and what came of it are one transaction. So a copy that takes over reads nothing twice that is
/// done, and tells nobody twice.
struct DiscoveryRun: Sendable {
    let jobs: DiscoveryJobStore
    let work: DiscoveryWorkStore
    let artifacts: ArtifactStore
    let files: any FileStore
    let fetches: FetchStore
    let fetcher: Fetcher
    let reader: SourceReader
    let mail: any MailDomainCheck
    let logger: Logger
    /// This copy, as claims name it.
    let worker: UUID
    let lease: Duration
    /// Before the first retry; twice as long before each further one.
    var backoff: Duration = .seconds(30)
    /// Sources at once in one job.
    var concurrency = 2

    static let reportType = "application/x-ndjson"

    func run(_ job: DiscoveryJob) async {
        do {
            guard job.claims <= JobSettings.mostClaims else {
                return try await end(job, failure: "it was taken up \(JobSettings.mostClaims) times and came no further")
            }
            try await renewing(job.id) { try await go(job) }
        } catch is JobLost {
            logger.info("The job is no longer this copy's.", metadata: ["job_id": "\(job.id)"])
        } catch is CancellationError {
            await release(job, after: .zero)
        } catch {
            logger.error("The job was interrupted and will be taken up again.", metadata: ["job_id": "\(job.id)", "error": "\(error)"])
            await release(job, after: backoff * (1 << min(job.claims, JobSettings.mostClaims)), isInterrupted: true)
        }
    }

    private func go(_ job: DiscoveryJob) async throws {
        if let scraping = job.parameters.scrapingJobID {
            switch try await jobs.scrapingStatus(scraping) {
            case .pending, .running:
                try await work.enter(.scraping, of: job.id, by: worker)
                return try await jobs.release(job.id, by: worker, after: .seconds(2))
            case nil: return try await end(job, failure: "the scraping job is gone")
            default: break
            }
        }
        guard try await work.collect(job, by: worker) > 0 else { return try await end(job, failure: "there is nothing to go through") }
        if job.jobType == .validation {
            try await work.enter(.validating, of: job.id, by: worker)
            try await each(job) { try await validateAgain($0, job) }
        } else {
            try await work.enter(.extracting, of: job.id, by: worker)
            try await each(job) { try await extract($0, job) }
        }
        guard try await work.endPass(of: job, by: worker, backoff: backoff) == .complete else { return }
        if job.jobType != .validation {
            try await work.enter(.validating, of: job.id, by: worker)
            while case let results = try await work.unvalidated(job.id, limit: 50), !results.isEmpty {
                for result in results { try await validate(result, job) }
            }
        }
        try await end(job, failure: nil)
    }

    /// Every open source of this pass, a few at a time.
    private func each(_ job: DiscoveryJob, _ body: @escaping @Sendable (DiscoveryItem) async throws -> Void) async throws {
        while case let open = try await work.open(job.id, pass: job.retryCount, limit: 50), !open.isEmpty {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, item) in open.enumerated() {
                    if index >= concurrency { try await group.next() }
                    group.addTask { try await body(item) }
                }
                try await group.waitForAll()
            }
        }
    }

    private func extract(_ item: DiscoveryItem, _ job: DiscoveryJob) async throws {
        do {
            let start = ContinuousClock.now
            let source = try await load(item)
            guard try await work.mayBegin(item) else {
                throw SourceError(.unreadable, "reading it was begun again and again, and never ended")
            }
            let text = try await reader.read(source, recognising: job.providerConfig?.recognise ?? true)
            let finder = ContactFinder(ownHosts: Self.ownHosts(item, source))
            guard var person = try await reader.run({ finder.find(in: text) }) else {
                throw SourceError(.nothingFound, "it names nobody who can be reached")
            }
            let wanted = job.providerConfig?.wanted ?? Set(ContactField.allCases)
            person.values = person.values.filter { wanted.contains($0.key) }
            guard person.isReachable else { throw SourceError(.nothingFound, "it names nobody who can be reached in a way that is wanted") }
            if person.type == "contact_person", let type = job.providerConfig?.contactType { person.type = type }
            let spent = (ContinuousClock.now - start).components
            let milliseconds = Int(spent.seconds * 1000 + spent.attoseconds / 1_000_000_000_000_000)
            let found = DiscoveryWorkStore.Extracted(
                person: person, method: text.method, url: source.url?.absoluteString, milliseconds: milliseconds)
            try await work.extracted(found, from: item, by: worker)
        } catch let error as SourceError {
            try await work.failed(item, error, by: worker)
        } catch let error as PostgresError where error.isAboutValues {
            // Trying again would end the same way, and hold up the job for ever.
            logger.warning("What the source states could not be stored.", metadata: ["item_id": "\(item.id)", "error": "\(error)"])
            try await work.failed(item, SourceError(.unreadable, "what it states cannot be stored"), by: worker)
        }
    }

    /// On a portal's page the portal's own addresses are nobody's; on a page that somebody named, they may be just what is looked for.
    private static func ownHosts(_ item: DiscoveryItem, _ source: ContactSource) -> Set<String> {
        guard item.provider != nil, let host = source.url?.host(), let address = WebAddress(host) else { return [] }
        return [address.registrableDomain ?? address.host, address.host]
    }

    private func load(_ item: DiscoveryItem) async throws -> ContactSource {
        if let path = item.storagePath {
            return ContactSource(
                bytes: try await stored(path, "what was fetched"), mimeType: item.contentType,
                url: (item.finalURL ?? item.url).flatMap { URL(string: $0) })
        }
        if let text = item.url { return try await fetch(text, item) }
        guard let id = item.artifactID, let artifact = try await artifacts.find(id, as: ServiceCaller()) else {
            throw SourceError(.gone, "the artifact is gone")
        }
        return ContactSource(
            bytes: try await stored(artifact.storagePath, "the artifact"), mimeType: artifact.mimeType,
            url: artifact.sourceURL.flatMap { URL(string: $0) })
    }

    private func stored(_ path: String, _ what: String) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            let content = try await files.get(path, range: nil)
            guard content.size <= Int64(reader.limits.bytes) else {
                throw SourceError(.tooLarge, "\(what) has more than \(reader.limits.bytes) bytes")
            }
            for try await chunk in content { bytes.append(contentsOf: chunk.readableBytesView) }
        } catch FileStoreError.notFound {
            throw SourceError(.gone, "\(what) is gone from the store")
        }
        return bytes
    }

    /// What was fetched is stored even while stopping, or somebody would have to ask the site again.
    private func fetch(_ text: String, _ item: DiscoveryItem) async throws -> ContactSource {
        let journal = FetchJournal()
        let source = PageSource(fetches: fetches, files: files, fetcher: fetcher)
        do {
            let page = try await source.fetch(text, journal)
            return try await Task {
                try await source.store(page) { file in try await work.fetched(item, page, at: file.path, journal, by: worker) }
                return ContactSource(bytes: page.bytes, mimeType: page.contentType, url: page.url)
            }.value
        } catch let problem as PageProblem {
            try await work.note(journal, of: item)
            let status = problem.httpStatus ?? 0
            let kind: SourceProblem =
                switch problem.reason {
                case .timeout: .timeout
                case .network: .network
                case .tooLarge: .tooLarge
                case .httpStatus where status == 429 || status >= 500: .network
                case .httpStatus where status == 404 || status == 410: .gone
                case .unreadable: .unreadable
                default: .refused
                }
            throw SourceError(kind, problem.detail)
        }
    }

    private func validate(_ sealed: DiscoveryWorkStore.Sealed, _ job: DiscoveryJob, for item: DiscoveryItem? = nil) async throws {
        let values = try work.seals.open(sealed.values)
        var acceptsMail: Bool?
        if let domain = values[.email].flatMap({ EmailAddress($0)?.domain }) { acceptsMail = await mail.acceptsMail(domain) }
        let verdict = ContactVerdict(
            values: values, confidence: sealed.result.fieldConfidence, minimum: job.providerConfig?.minimumConfidence ?? 0.5, acceptsMail: acceptsMail
        )
        let wanted = job.providerConfig?.wanted ?? Set(ContactField.allCases)
        try await work.validated(sealed, verdict, wanted: wanted, of: job, by: worker, item: item)
    }

    private func validateAgain(_ item: DiscoveryItem, _ job: DiscoveryJob) async throws {
        guard let id = item.resultID, let sealed = try await work.result(id) else {
            return try await work.failed(item, SourceError(.gone, "the result is gone"), by: worker)
        }
        try await validate(sealed, job, for: item)
    }

    /// With a report: what each source gave, without the values.
    private func end(_ job: DiscoveryJob, failure: String?) async throws {
        guard failure == nil else { return try await work.end(job.id, by: worker, summary: nil, file: nil, failure: failure) }
        let (summary, report) = try await work.summary(of: job.id)
        let hasFailed =
            summary.byMethod.isEmpty && job.jobType != .validation && !summary.failures.isEmpty && summary.failures["nothing_found"] == nil
        var file: String?
        if !report.isEmpty {
            file = try await files.put(ByteBuffer(string: report.joined(separator: "\n") + "\n")).path
        }
        try await work.end(job.id, by: worker, summary: summary, file: file, failure: hasFailed ? "no source could be read" : nil)
    }

    /// Renews the claim while `body` runs, however long a single source takes; a claim that cannot be renewed ends the run.
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

    /// In a task of its own, as this one may be cancelled already.
    private func release(_ job: DiscoveryJob, after pause: Duration, isInterrupted: Bool = false) async {
        await Task {
            do { try await jobs.release(job.id, by: worker, after: pause, isInterrupted: isInterrupted) } catch {
                logger.warning("The job stays claimed until its time is over.", metadata: ["job_id": "\(job.id)", "error": "\(error)"])
            }
        }.value
    }
}

extension PostgresError {
    /// The server refused the values themselves (classes 22 and 23), such as a NUL in a text.
    fileprivate var isAboutValues: Bool {
        guard kind == .server, let state = sqlState?.rawValue else { return false }
        return state.hasPrefix("22") || state.hasPrefix("23")
    }
}
