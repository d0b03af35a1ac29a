import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Jobs that look for contacts: as people start, watch and end them, and as workers take them.
struct DiscoveryJobStore: Sendable {
    /// Wakes the workers of this process.
    static let signal = "contact_discovery_jobs"

    let postgres: Postgres

    struct NewJob: Sendable {
        var type: DiscoveryJobType
        var agencyID: UUID?
        var searchCriteriaID: UUID?
        var parameters: DiscoveryParameters
        var settings: DiscoverySettings?
        var maxRetries: Int
    }

    func create(_ job: NewJob, as caller: Caller) async throws -> DiscoveryJob? {
        try await postgres.transaction(as: caller) { tx in
            tx.signal(Self.signal)
            return try await tx.first(
                """
                INSERT INTO contact_discovery_jobs AS j (
                    id, user_id, agency_id, search_criteria_id, job_type, parameters, provider_config, max_retries, created_by)
                VALUES (\(UUID.v7()), \(caller.userID), \(job.agencyID), \(job.searchCriteriaID), \(job.type), \(JSON(job.parameters)),
                        \(job.settings.map { JSON($0) }), \(job.maxRetries)::integer, \(caller.userID))
                RETURNING \(DiscoveryJob.columns)
                """)
        }
    }

    /// What a new job would go through and the caller may not see, by the name of the parameter; nil when all is well.
    func unseen(_ parameters: DiscoveryParameters, as caller: Caller) async throws -> String? {
        try await postgres.transaction(as: caller) { tx in
            if let id = parameters.scrapingJobID {
                guard try await tx.value("SELECT true FROM scraping_jobs WHERE id = \(id)", as: Bool.self) == true else { return "scraping_job_id" }
            }
            if let id = parameters.sourceJobID {
                let isThere = try await tx.value("SELECT true FROM contact_discovery_jobs WHERE id = \(id)", as: Bool.self)
                guard isThere == true else { return "source_job_id" }
            }
            if let ids = parameters.artifactIDs {
                let count = try await tx.value("SELECT count(*) FROM artifacts WHERE id = ANY (\(ids))", as: Int.self) ?? 0
                guard count == Set(ids).count else { return "artifact_ids" }
            }
            return nil
        }
    }

    func find(_ id: UUID, as context: any RowSecurityContext) async throws -> DiscoveryJob? {
        try await postgres.first(as: context, "SELECT \(DiscoveryJob.columns) FROM contact_discovery_jobs j WHERE j.id = \(id)")
    }

    struct Filter: Sendable {
        var status: JobStatus?
        var type: DiscoveryJobType?
        var searchCriteriaID: UUID?
    }

    /// The newest first.
    func list(_ filter: Filter, page: PageRequest<UUID>, as caller: Caller) async throws -> Page<DiscoveryJob> {
        var conditions: [SQL] = ["true"]
        if let status = filter.status { conditions.append("j.status = \(status)") }
        if let type = filter.type { conditions.append("j.job_type = \(type)") }
        if let search = filter.searchCriteriaID { conditions.append("j.search_criteria_id = \(search)") }
        if let after = page.after { conditions.append("j.id < \(after)") }
        let rows: [DiscoveryJob] = try await postgres.all(
            as: caller,
            """
            SELECT \(DiscoveryJob.columns) FROM contact_discovery_jobs j WHERE \(SQL.joined(conditions, by: " AND "))
            ORDER BY j.id DESC LIMIT \(page.limit + 1)
            """)
        return Page(rows, limit: page.limit) { $0.id }
    }

    enum Cancellation: Sendable {
        case cancelled(DiscoveryJob)
        case hasEnded
        case stale
        case notFound
    }

    /// Stops a job that waits or runs. Cancelling twice is the same as once.
    func cancel(_ id: UUID, version: Int64?, as caller: Caller) async throws -> Cancellation {
        try await postgres.transaction(as: caller) { tx in
            let known: DiscoveryJob? = try await tx.first(
                "SELECT \(DiscoveryJob.columns) FROM contact_discovery_jobs j WHERE j.id = \(id) FOR UPDATE OF j")
            guard let known else { return .notFound }
            if let version, known.version != version { return .stale }
            if known.status == .cancelled { return .cancelled(known) }
            guard known.status == .pending || known.status == .running else { return .hasEnded }
            let cancelled: DiscoveryJob? = try await tx.first(
                """
                UPDATE contact_discovery_jobs j SET status = 'cancelled', completed_at = now(), claimed_by = NULL, claimed_until = NULL,
                    actual_duration = now() - coalesce(started_at, now())
                WHERE id = \(id) RETURNING \(DiscoveryJob.columns)
                """)
            guard let cancelled else { return .notFound }
            try await tx.publish(cancelled.ended)
            return .cancelled(cancelled)
        }
    }

    /// Takes the job that has waited longest, or whose worker has not been heard of, for this copy alone.
    func claim(by worker: UUID, lease: Duration) async throws -> DiscoveryJob? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let row = try await tx.rows(
                """
                WITH next AS (
                    SELECT id, started_at FROM contact_discovery_jobs
                    WHERE (status = 'pending' OR (status = 'running' AND coalesce(claimed_until, now()) <= now())) AND next_attempt_at <= now()
                    ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED
                )
                UPDATE contact_discovery_jobs j SET status = 'running', started_at = coalesce(j.started_at, now()), claimed_by = \(worker),
                    claimed_until = \(JobStore.end(of: lease)), claims = j.claims + 1
                FROM next WHERE j.id = next.id RETURNING \(DiscoveryJob.columns), j.claims, next.started_at IS NULL AS is_new
                """
            ).first
            guard let row else { return nil }
            var job = try DiscoveryJob(row: row)
            job.claims = try row["claims"]
            if try row["is_new"] {
                try await tx.publish(ContactDiscoveryStarted(jobID: job.id, userID: job.userID, jobType: job.jobType.rawValue))
            }
            return job
        }
    }

    /// False when the job is no longer this worker's: cancelled, or taken over.
    func renew(_ id: UUID, by worker: UUID, lease: Duration) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                """
                UPDATE contact_discovery_jobs SET claimed_until = \(JobStore.end(of: lease))
                WHERE id = \(id) AND claimed_by = \(worker) AND status = 'running'
                """) == 1
        }
    }

    /// Lets another copy go on: at once, or after a pause. What interrupts a job counts, and its waiting does not.
    func release(_ id: UUID, by worker: UUID, after pause: Duration = .zero, isInterrupted: Bool = false) async throws {
        let seconds = Double(pause.components.seconds)
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                """
                UPDATE contact_discovery_jobs SET claimed_by = NULL, claimed_until = NULL, next_attempt_at = now() + make_interval(secs => \(seconds)),
                    claims = CASE WHEN \(isInterrupted) THEN claims ELSE 0 END
                WHERE id = \(id) AND claimed_by = \(worker) AND status = 'running'
                """)
            tx.signal(Self.signal)
        }
    }

    /// The state of the scraping job that a job waits for; nil when it is gone.
    func scrapingStatus(_ id: UUID) async throws -> JobStatus? {
        try await postgres.transaction(as: ServiceCaller()) { tx in try await tx.value("SELECT status FROM scraping_jobs WHERE id = \(id)") }
    }

    /// Failed jobs go after three months, the others after half a year, in small batches. What they found is the catalog's.
    func forget(batch: Int = 100) async throws -> Int {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                """
                DELETE FROM contact_discovery_jobs WHERE id IN (
                    SELECT id FROM contact_discovery_jobs
                    WHERE (status = 'failed' AND created_at < now() - interval '3 months')
                       OR (status IN ('completed', 'cancelled') AND created_at < now() - interval '6 months')
                    LIMIT \(batch) FOR UPDATE SKIP LOCKED)
                """)
        }
    }

    /// A saved search is gone: jobs that were for it stay, and are for none. Whoever looks at one sees it change.
    func detach(fromSearch search: UUID, _ tx: Transaction) async throws {
        try await tx.execute(
            "UPDATE contact_discovery_jobs SET search_criteria_id = NULL, version = version + 1 WHERE search_criteria_id = \(search)")
    }

    /// The jobs of an agency that is gone.
    func deleteAll(ofAgency agency: UUID, _ tx: Transaction) async throws {
        try await tx.execute("DELETE FROM contact_discovery_jobs WHERE agency_id = \(agency)")
    }

    /// Everything of a user who is gone; sources and results go with their jobs.
    func deleteAll(of user: UUID, _ tx: Transaction) async throws {
        try await tx.execute("DELETE FROM contact_discovery_jobs WHERE user_id = \(user)")
        try await tx.execute("UPDATE contact_discovery_jobs SET created_by = NULL WHERE created_by = \(user)")
    }
}

extension DiscoveryJob {
    var ended: ContactDiscoveryEnded {
        ContactDiscoveryEnded(
            jobID: id, userID: userID, status: status.rawValue, listingsProcessed: listingsProcessed, contactsExtracted: contactsExtracted,
            contactsValidated: contactsValidated, errorsCount: errorsCount, errorMessage: errorMessages.last)
    }
}
