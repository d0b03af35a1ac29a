import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// The pages of jobs. Every change is made on behalf of the worker that holds the job, and fails with ``JobLost`` when it no longer does.
struct PageStore: Sendable {
    let postgres: Postgres
    let lease: Duration
    /// Before the second try of a page that failed for a passing reason.
    var retryDelay: Duration = .seconds(30)

    /// In the order in which they were found.
    func list(
        _ job: UUID, status: ScrapingPage.Status?, after: UUID?, limit: Int, as caller: Caller
    ) async throws -> [ScrapingPage] {
        let status: SQL = status.map { "AND p.status = \($0)" } ?? ""
        let after: SQL = after.map { "AND p.id > \($0)" } ?? ""
        return try await postgres.all(
            as: caller,
            "SELECT \(ScrapingPage.columns) FROM scraping_pages p WHERE p.job_id = \(job) \(status) \(after) ORDER BY p.id LIMIT \(limit + 1)")
    }

    /// The pages of one kind that are yet to be fetched or read.
    func open(_ job: UUID, kind: ScrapingPage.Kind, limit: Int) async throws -> [ScrapingPage] {
        try await postgres.all(
            as: ServiceCaller(),
            """
            SELECT \(ScrapingPage.columns) FROM scraping_pages p
            WHERE p.job_id = \(job) AND p.kind = \(kind) AND p.status IN ('pending', 'fetched')
              AND (p.retry_at IS NULL OR p.retry_at <= now()) ORDER BY p.position LIMIT \(limit)
            """)
    }

    /// When the first of the pages of one kind that are to be tried again is due.
    func nextRetry(_ job: UUID, kind: ScrapingPage.Kind) async throws -> Date? {
        try await postgres.first(
            as: ServiceCaller(),
            """
            SELECT min(retry_at) AS at FROM scraping_pages
            WHERE job_id = \(job) AND kind = \(kind) AND status IN ('pending', 'fetched') HAVING min(retry_at) IS NOT NULL
            """
        ).map { (row: RetryTime) in row.at }
    }

    private struct RetryTime: RowDecodable {
        var at: Date
        init(row: Row) throws { at = try row["at"] }
    }

    /// The page that a job begins with; nothing happens when it is there already.
    func begin(_ job: ScrapingJob, at url: URL) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            _ = try await tx.execute(
                """
                INSERT INTO scraping_pages (id, job_id, kind, position, url) VALUES (\(UUID.v7()), \(job.id), 'result', 0, \(url.absoluteString))
                ON CONFLICT (job_id, url) DO NOTHING
                """)
        }
    }

    /// Why the first result page failed, if it did: then the job has nothing.
    func beginningFailed(_ job: UUID) async throws -> String? {
        let page: ScrapingPage? = try await postgres.first(
            as: ServiceCaller(),
            """
            SELECT \(ScrapingPage.columns) FROM scraping_pages p
            WHERE p.job_id = \(job) AND p.kind = 'result' AND p.position = 0 AND p.status = 'failed'
            """)
        return page.map { "\($0.reason?.rawValue ?? ""): \($0.detail ?? "")" }
    }

    /// A page is here and stored; it is yet to be read.
    func fetched(
        _ page: ScrapingPage, _ fetched: FetchedPage, artifact: NewArtifact, journal: FetchJournal, of job: ScrapingJob, by worker: UUID
    ) async throws -> UUID {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await hold(job.id, worker, "", tx)
            let artifactID: UUID? = try await tx.value(
                """
                INSERT INTO artifacts (id, job_id, user_id, agency_id, artifact_type, source_url, content_hash, file_size, mime_type, storage_path,
                                       keywords, tags)
                VALUES (\(UUID.v7()), \(job.id), \(job.userID), \(job.agencyID), \(artifact.type), \(artifact.sourceURL), \(artifact.file.hash),
                        \(artifact.file.size), \(artifact.mimeType), \(artifact.file.path), \(job.keywords), \(artifact.tags))
                ON CONFLICT (job_id, content_hash) DO UPDATE SET file_size = excluded.file_size
                RETURNING id
                """)
            guard let artifactID else { throw JobLost() }
            try await ExtractionStore.tag(artifactID, "http", fetched.tags, tx)
            try await FileOrphanStore.adopt(artifact.file.path, tx)
            try await FetchStore.record(journal.decisions, of: job.id, tx)
            try await FetchStore.keep(fetched, of: page.url, at: artifact.file.path, tx)
            try await tx.execute(
                """
                UPDATE scraping_pages SET status = 'fetched', http_status = \(fetched.status), content_type = left(\(fetched.contentType), 255),
                    final_url = left(\(fetched.url.absoluteString), 2000), artifact_id = \(artifactID), fetched_at = \(fetched.fetchedAt)
                WHERE id = \(page.id) AND status = 'pending'
                """)
            return artifactID
        }
    }

    /// Notes that a page is about to be read, before it can do any harm. False when that was begun so often and never ended that it is left alone.
    func mayBegin(_ page: ScrapingPage) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                "UPDATE scraping_pages SET readings = readings + 1 WHERE id = \(page.id) AND readings < \(JobSettings.mostReadings)") == 1
        }
    }

    /// What a result page leads to.
    struct Found: Sendable {
        var listings: [URL]
        var next: URL?
        /// There is a further result page, which the job does not go to.
        var isCut = false
    }

    /// What a job could not have beside listings that were broken or gone: result pages, and what the site refused; nil when there is no such thing.
    func shortfall(_ job: UUID) async throws -> String? {
        let rows = try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.rows(
                """
                SELECT kind, reason, count(*) AS n FROM scraping_pages
                WHERE job_id = \(job) AND status = 'failed' AND (kind = 'result' OR reason IN ('robots_disallowed', 'bot_wall'))
                GROUP BY kind, reason ORDER BY kind DESC, reason
                """)
        }
        let parts = try rows.map { "\(try $0["n"] as Int) of the \(try $0["kind"] as String) pages: \(try $0["reason"] as String)" }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// A result page was read: what it leads to is queued, once however often it is named.
    func found(
        _ found: Found, on page: ScrapingPage, _ extraction: NewExtraction, artifact: UUID, of job: UUID, by worker: UUID
    ) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await ExtractionStore.add(extraction, to: artifact, by: job, tx)
            let added = try await add(found.listings, to: job, tx)
            if let next = found.next {
                try await tx.execute(
                    """
                    INSERT INTO scraping_pages (id, job_id, kind, position, url)
                    VALUES (\(UUID.v7()), \(job), 'result', \(page.position + 1), \(next.absoluteString)) ON CONFLICT (job_id, url) DO NOTHING
                    """)
            }
            let cut: SQL =
                found.isCut ? ", error_message = \("stopped after \(page.position + 1) result pages, as it was told: the site has more")" : ""
            try await hold(job, worker, ", total_items = total_items + \(added) \(cut)", tx)
            try await tx.execute("UPDATE scraping_pages SET status = 'read' WHERE id = \(page.id)")
        }
    }

    /// A listing was read: told to the world in the same transaction.
    func read(
        _ listing: ReadListing, on page: ScrapingPage, _ extraction: NewExtraction, artifact: UUID, of job: UUID, by worker: UUID
    ) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            guard try await close(page, "status = 'read', provider_listing_id = \(listing.providerListingID)", tx) else { return }
            try await hold(job, worker, Self.counted("processed_items"), tx)
            try await tx.execute(
                """
                UPDATE artifacts SET title = left(\(listing.title), 500), description = left(\(listing.description), 500),
                    content_text = \(listing.description)
                WHERE id = \(artifact)
                """)
            try await ExtractionStore.add(extraction, to: artifact, by: job, tx)
            let known = ["provider": listing.provider, "provider_listing_id": listing.providerListingID, "provider_url": listing.providerURL]
            try await ExtractionStore.tag(artifact, "listing", known.compactMapValues(\.self), tx)
            // A page that is read again is told only while nobody has read a later one of the same listing.
            let isNewest: Bool? = try await tx.value(
                """
                SELECT NOT EXISTS (
                    SELECT FROM content_extractions e WHERE e.provider = \(listing.provider) AND e.provider_listing_id = \(listing.providerListingID)
                      AND e.fetched_at > \(extraction.fetchedAt))
                """)
            guard isNewest != false else { return }
            try await tx.publish(ListingRead(jobID: job, artifactID: artifact, listing: listing, fetchedAt: extraction.fetchedAt))
        }
    }

    /// A page gave nothing: recorded with the reason, and told.
    func failed(
        _ page: ScrapingPage, _ problem: PageProblem, _ extraction: NewExtraction? = nil, artifact: UUID? = nil,
        journal: FetchJournal = FetchJournal(), of job: ScrapingJob, by worker: UUID
    ) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let detail = String(problem.detail.prefix(500))
            try await FetchStore.record(journal.decisions, of: job.id, tx)
            if problem.mayPass, try await postpone(page, problem, of: job, by: worker, tx) { return }
            let change: SQL = """
                status = 'failed', reason = \(problem.reason), detail = \(detail), http_status = COALESCE(\(problem.httpStatus), http_status)
                """
            guard try await close(page, change, tx) else { return }
            try await hold(job.id, worker, page.kind == .listing ? Self.counted("failed_items") : "", tx)
            if let extraction, let artifact { try await ExtractionStore.add(extraction, to: artifact, by: job.id, tx) }
            try await tx.publish(PageFailed(jobID: job.id, url: page.url, reason: problem.reason.rawValue, detail: detail))
        }
    }

    /// A page that is to be tried again stays open until then; each try is four times as far from the last, and not before the site wants it. False when
    /// it has been tried often enough.
    private func postpone(
        _ page: ScrapingPage, _ problem: PageProblem, of job: ScrapingJob, by worker: UUID, _ tx: Transaction
    ) async throws -> Bool {
        let most = job.configuration["max_attempts"].flatMap(Int.init) ?? JobSettings.standardAttempts
        let postponed = try await tx.execute(
            """
            UPDATE scraping_pages SET attempts = attempts + CASE WHEN \(problem.isRest) THEN 0 ELSE 1 END,
                retry_at = greatest(now() + make_interval(secs => \(retryDelay / .seconds(1)) * 4 ^ attempts), \(problem.notBefore)::timestamptz)
            WHERE id = \(page.id) AND status = 'pending' AND (\(problem.isRest) OR attempts + 1 < \(most))
            """)
        guard postponed == 1 else { return false }
        try await hold(job.id, worker, "", tx)
        return true
    }

    private func add(_ listings: [URL], to job: UUID, _ tx: Transaction) async throws -> Int {
        let urls = listings.map(\.absoluteString).filter { $0.count <= 2000 }
        guard !urls.isEmpty else { return 0 }
        return try await tx.execute(
            """
            INSERT INTO scraping_pages (id, job_id, kind, position, url)
            SELECT new.id, \(job), 'listing', new.position + (SELECT count(*) FROM scraping_pages p WHERE p.job_id = \(job)), new.url
            FROM unnest(\(urls.map { _ in UUID.v7() })::uuid[], \(urls)::text[]) WITH ORDINALITY AS new (id, url, position)
            ON CONFLICT (job_id, url) DO NOTHING
            """)
    }

    /// False when the page is closed already: then its effect is in the database, and must not be made twice.
    private func close(_ page: ScrapingPage, _ change: SQL, _ tx: Transaction) async throws -> Bool {
        try await tx.execute("UPDATE scraping_pages SET \(change) WHERE id = \(page.id) AND status IN ('pending', 'fetched')") == 1
    }

    /// Locks the job's row, renews the claim on it and counts; the count is right because the row is locked until the commit.
    private func hold(_ job: UUID, _ worker: UUID, _ change: SQL, _ tx: Transaction) async throws {
        let held = try await tx.execute(
            """
            UPDATE scraping_jobs SET claimed_until = \(JobStore.end(of: lease)), claims = 0 \(change)
            WHERE id = \(job) AND claimed_by = \(worker) AND status = 'running'
            """)
        guard held == 1 else { throw JobLost() }
    }

    /// One more item done, and the share of all that are.
    private static func counted(_ counter: String) -> SQL {
        """
        , \(identifier: counter) = \(identifier: counter) + 1,
        progress = 100 * (processed_items + failed_items + 1) / greatest(total_items, 1)
        """
    }
}

/// The job is not this worker's any more: it was cancelled, or another copy has taken it over.
struct JobLost: Error {}
