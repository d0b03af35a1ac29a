import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Jobs and their settings.
struct JobStore: Sendable {
    /// Wakes the workers of this process.
    static let signal = "scraping_jobs"

    let postgres: Postgres

    struct NewJob: Sendable {
        var title: String
        var description: String?
        var keywords: [String]
        var agencyID: UUID?
        var settings: JobSettings
        var schedule: Schedule?
    }

    func create(_ job: NewJob, as caller: Caller) async throws -> ScrapingJob {
        try await postgres.transaction(as: caller) { tx in
            let id = UUID.v7()
            let seconds = job.schedule.map(\.seconds)
            try await tx.execute(
                """
                INSERT INTO scraping_jobs (id, user_id, agency_id, job_type, keywords, title, description, next_run_at)
                VALUES (\(id), \(caller.userID), \(job.agencyID), \(JobSettings.jobType), \(job.keywords), \(job.title), \(job.description),
                        now() + make_interval(secs => \(seconds)::int))
                """)
            var settings = job.settings.rows
            settings["schedule"] = job.schedule?.text
            try await configure(id, settings, tx)
            tx.signal(Self.signal)
            guard let created = try await find(id, tx) else { throw APIError.notFound("scraping job") }
            return created
        }
    }

    func find(_ id: UUID, as caller: Caller) async throws -> ScrapingJob? {
        try await postgres.first(as: caller, "SELECT \(ScrapingJob.columns) FROM scraping_jobs j WHERE j.id = \(id)")
    }

    /// The newest first.
    func list(
        status: JobStatus?, after: ListKey?, limit: Int, as caller: Caller
    ) async throws -> [ScrapingJob] {
        let status: SQL = status.map { "AND j.status = \($0)" } ?? ""
        let after: SQL = after.map { "AND (j.created_at, j.id) < (\($0.createdAt), \($0.id))" } ?? ""
        return try await postgres.all(
            as: caller,
            """
            SELECT \(ScrapingJob.columns) FROM scraping_jobs j WHERE true \(status) \(after)
            ORDER BY j.created_at DESC, j.id DESC LIMIT \(limit + 1)
            """)
    }

    enum Cancellation: Sendable {
        case cancelled(ScrapingJob)
        case hasEnded
        case stale
        case notFound
    }

    /// Stops a job that waits or runs, and the schedule of one that has one. Cancelling twice is the same as once.
    func cancel(_ id: UUID, version: Int64?, as caller: Caller) async throws -> Cancellation {
        try await postgres.transaction(as: caller) { tx in
            guard
                let row = try await tx.rows("SELECT status, next_run_at, version FROM scraping_jobs WHERE id = \(id) FOR UPDATE").first,
                let job = try await find(id, tx)
            else { return .notFound }
            let status: JobStatus = try row["status"]
            if let version, try row["version"] != version { return .stale }
            if status == .cancelled { return .cancelled(job) }
            let isOpen = status == .pending || status == .running
            guard isOpen || job.nextRunAt != nil else { return .hasEnded }
            try await tx.execute(
                """
                UPDATE scraping_jobs SET next_run_at = NULL, claimed_by = NULL, claimed_until = NULL,
                    status = CASE WHEN \(isOpen) THEN 'cancelled' ELSE status END,
                    completed_at = CASE WHEN \(isOpen) THEN now() ELSE completed_at END
                WHERE id = \(id)
                """)
            guard let cancelled = try await find(id, tx) else { return .notFound }
            if isOpen { try await tx.publish(cancelled.ended) }
            return .cancelled(cancelled)
        }
    }

    enum Replay: Sendable {
        case created(ScrapingJob)
        case nothing
        case notFound
    }

    /// A job of the caller's that reads the pages of another one again, as they were fetched.
    func replay(_ id: UUID, as caller: Caller) async throws -> Replay {
        guard let source = try await find(id, as: caller) else { return .notFound }
        let agency = source.agencyID.flatMap { caller.agencies(where: .scrapingRun).contains($0) ? $0 : nil }
        guard source.agencyID == agency else { throw APIError.forbidden }
        let new = UUID.v7()
        // Decided above with the caller's own rights; pages are the workers' alone to write, so the rows are made as the service, all at once.
        let copied = try await postgres.transaction(as: ServiceCaller()) { tx in
            let found: Int =
                try await tx.value(
                    "SELECT count(*)::int FROM scraping_pages WHERE job_id = \(id) AND kind = 'listing' AND artifact_id IS NOT NULL") ?? 0
            guard found > 0 else { return 0 }
            try await tx.execute(
                """
                INSERT INTO scraping_jobs (id, user_id, agency_id, job_type, keywords, title, description, total_items)
                VALUES (\(new), \(caller.userID), \(agency), \(JobSettings.replayType), \(source.keywords), \(source.title),
                        \(source.description), \(found))
                """)
            var settings = source.configuration.filter { $0.key != "schedule" }
            settings["source_job_id"] = id.uuidString.lowercased()
            try await configure(new, settings, tx)
            let copied = try await tx.execute(
                """
                INSERT INTO scraping_pages (job_id, kind, position, url, status, http_status, content_type, final_url, artifact_id, fetched_at)
                SELECT \(new), p.kind, p.position, p.url, 'fetched', p.http_status, p.content_type, p.final_url, p.artifact_id, p.fetched_at
                FROM scraping_pages p WHERE p.job_id = \(id) AND p.artifact_id IS NOT NULL
                """)
            tx.signal(Self.signal)
            return copied
        }
        guard copied > 0, let job = try await find(new, as: caller) else { return .nothing }
        return .created(job)
    }

    /// Takes the oldest job that waits, or whose worker has not been heard of, for this copy alone.
    func claim(by worker: UUID, lease: Duration) async throws -> ScrapingJob? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let claimed = try await tx.rows(
                """
                WITH next AS (
                    SELECT id, status FROM scraping_jobs
                    WHERE job_type = ANY (\(JobSettings.jobTypes)::text[])
                      AND (status = 'pending' OR (status = 'running' AND claimed_until < now()))
                    ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
                )
                UPDATE scraping_jobs j
                SET status = 'running', started_at = COALESCE(j.started_at, now()), claimed_by = \(worker), claimed_until = \(Self.end(of: lease)),
                    claims = j.claims + 1
                FROM next WHERE j.id = next.id RETURNING j.id, next.status = 'pending' AS is_new, j.claims
                """)
            guard let row = claimed.first, var job = try await find(row["id"], tx) else { return nil }
            job.claims = try row["claims"]
            if try row["is_new"] {
                try await tx.publish(ScrapingJobStarted(jobID: job.id, userID: job.userID, jobType: job.jobType))
            }
            return job
        }
    }

    /// False when the job is no longer this worker's: cancelled, or taken over.
    func renew(_ id: UUID, by worker: UUID, lease: Duration) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                """
                UPDATE scraping_jobs SET claimed_until = \(Self.end(of: lease))
                WHERE id = \(id) AND claimed_by = \(worker) AND status = 'running'
                """) == 1
        }
    }

    /// Lets another copy go on at once.
    func release(_ id: UUID, by worker: UUID) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute("UPDATE scraping_jobs SET claimed_until = now() WHERE id = \(id) AND claimed_by = \(worker)")
            tx.signal(Self.signal)
        }
    }

    /// Lets nobody have the job until then.
    func rest(_ id: UUID, until: Date, by worker: UUID) async throws {
        _ = try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                "UPDATE scraping_jobs SET claimed_by = NULL, claimed_until = \(until) WHERE id = \(id) AND claimed_by = \(worker) AND status = 'running'"
            )
        }
    }

    /// Ends a job. `failure` is why nothing at all could be had, `note` what could not be had beside the rest.
    func end(_ id: UUID, by worker: UUID, failure: String?, note: String? = nil) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let ended = try await tx.execute(
                """
                UPDATE scraping_jobs
                SET status = CASE WHEN \(failure)::text IS NULL THEN 'completed' ELSE 'failed' END,
                    error_message = COALESCE(\(failure)::text, NULLIF(concat_ws('; ', error_message, \(note)::text), '')),
                    progress = CASE WHEN \(failure)::text IS NULL THEN 100 ELSE progress END,
                    completed_at = now(), claimed_by = NULL, claimed_until = NULL
                WHERE id = \(id) AND claimed_by = \(worker) AND status = 'running'
                """)
            guard ended == 1, let job = try await find(id, tx) else { return }
            try await tx.publish(job.ended)
        }
    }

    /// Starts what is due by its schedule, and tells how many. A run that is still going on is not overtaken.
    func startDue() async throws -> Int {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let due: [ScrapingJob] = try await tx.all(
                """
                SELECT \(ScrapingJob.columns) FROM scraping_jobs j
                WHERE j.next_run_at <= now() ORDER BY j.next_run_at LIMIT 100 FOR UPDATE OF j SKIP LOCKED
                """)
            var started = 0
            for job in due {
                let seconds = job.configuration["schedule"].flatMap { Schedule($0) }?.seconds
                // Missed runs are not made up for: the next one is in the future.
                try await tx.execute(
                    """
                    UPDATE scraping_jobs SET next_run_at = now() + make_interval(secs => \(seconds)::int)
                    WHERE id = \(job.id)
                    """)
                if seconds != nil, try await startRun(of: job, tx) { started += 1 }
            }
            if started > 0 { tx.signal(Self.signal) }
            return started
        }
    }

    private func startRun(of parent: ScrapingJob, _ tx: Transaction) async throws -> Bool {
        let id = UUID.v7()
        let inserted = try await tx.execute(
            """
            INSERT INTO scraping_jobs (id, user_id, agency_id, job_type, keywords, expanded_keywords, title, description, parent_id)
            SELECT \(id), user_id, agency_id, job_type, keywords, expanded_keywords, title, description, id FROM scraping_jobs
            WHERE id = \(parent.id) AND NOT EXISTS (
                SELECT FROM scraping_jobs r WHERE (r.parent_id = \(parent.id) OR r.id = \(parent.id)) AND r.status IN ('pending', 'running'))
            """)
        guard inserted == 1 else { return false }
        try await configure(id, parent.configuration.filter { $0.key != "schedule" }, tx)
        return true
    }

    /// Everything of a user who is gone; pages, settings and artifacts go with their jobs.
    func deleteAll(of user: UUID, _ tx: Transaction) async throws {
        try await tx.execute("DELETE FROM scraping_jobs WHERE user_id = \(user)")
    }

    /// Everything of an agency that is gone.
    func deleteAll(ofAgency agency: UUID, _ tx: Transaction) async throws {
        try await tx.execute("DELETE FROM scraping_jobs WHERE agency_id = \(agency)")
    }

    private func configure(_ id: UUID, _ settings: [String: String], _ tx: Transaction) async throws {
        let pairs = settings.sorted { $0.key < $1.key }
        try await tx.execute(
            """
            INSERT INTO job_configurations (job_id, config_key, config_value)
            SELECT \(id), key, value FROM unnest(\(pairs.map(\.key))::text[], \(pairs.map(\.value))::text[]) AS setting (key, value)
            """)
    }

    private func find(_ id: UUID, _ tx: Transaction) async throws -> ScrapingJob? {
        try await tx.first("SELECT \(ScrapingJob.columns) FROM scraping_jobs j WHERE j.id = \(id)")
    }

    static func end(of lease: Duration) -> SQL { "now() + make_interval(secs => \(Double(lease.components.seconds)))" }
}

extension ScrapingJob {
    var ended: ScrapingJobEnded {
        ScrapingJobEnded(
            jobID: id, userID: userID, status: status.rawValue, totalItems: totalItems, processedItems: processedItems, failedItems: failedItems,
            errorMessage: errorMessage)
    }
}
