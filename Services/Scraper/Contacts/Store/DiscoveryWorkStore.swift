import ContactValues
import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// What a worker does to the job that it holds. Every change renews the claim, and fails with ``JobLost`` when the job is no longer the worker's.
struct DiscoveryWorkStore: Sendable {
    static let mostSources = 5000

    let postgres: Postgres
    let lease: Duration
    let seals: ResultSeals

    func enter(_ stage: DiscoveryStage, of job: UUID, by worker: UUID) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in try await hold(job, worker, ", current_stage = \(stage)", tx, isProgress: false) }
    }

    /// A source is here and stored; it is yet to be read.
    func fetched(_ item: DiscoveryItem, _ page: FetchedPage, at path: String, _ journal: FetchJournal, by worker: UUID) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await hold(item.jobID, worker, "", tx)
            try await FileOrphanStore.adopt(path, tx)
            try await FetchStore.record(journal.decisions, discovery: item.jobID, tx)
            if let url = item.url { try await FetchStore.keep(page, of: url, at: path, tx) }
            try await tx.execute(
                """
                UPDATE contact_discovery_items SET storage_path = \(path), content_type = left(\(page.contentType), 255),
                    final_url = left(\(page.url.absoluteString), 2000)
                WHERE id = \(item.id)
                """)
        }
    }

    /// What was decided on the way to a source that could not be had.
    func note(_ journal: FetchJournal, of item: DiscoveryItem) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await FetchStore.record(journal.decisions, discovery: item.jobID, tx)
        }
    }

    /// Notes that a source is about to be read, before it can do any harm. False when that was begun so often and never ended that it is left alone.
    func mayBegin(_ item: DiscoveryItem) async throws -> Bool {
        // A source that fails in a passing way is begun once in each pass.
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                """
                UPDATE contact_discovery_items SET readings = readings + 1
                WHERE id = \(item.id) AND readings < attempts + \(JobSettings.mostReadings)
                """) == 1
        }
    }

    /// Writes down what a job goes through, once, and how long that is likely to take; tells how much it is.
    func collect(_ job: DiscoveryJob, by worker: UUID) async throws -> Int {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await hold(job.id, worker, ", current_stage = 'collecting'", tx, isProgress: false)
            let known = try await tx.value("SELECT count(*) FROM contact_discovery_items WHERE job_id = \(job.id)", as: Int.self) ?? 0
            guard known == 0 else { return known }
            let count = try await tx.execute(Self.sources(of: job))
            try await hold(job.id, worker, ", total_items = \(count), estimated_duration = \(Self.estimate(count, of: job))", tx)
            return count
        }
    }

    /// Sources that are to be read in this pass: those that have failed in it wait for the next.
    func open(_ job: UUID, pass: Int, limit: Int) async throws -> [DiscoveryItem] {
        try await postgres.all(
            as: ServiceCaller(),
            """
            SELECT \(DiscoveryItem.columns) FROM contact_discovery_items i
            WHERE i.job_id = \(job) AND i.status = 'pending' AND i.attempts <= \(pass) ORDER BY i.position LIMIT \(limit)
            """)
    }

    struct Extracted: Sendable {
        var person: FoundPerson
        var method: DiscoveryMethod
        var url: String?
        var milliseconds: Int
    }

    /// A source names somebody.
    func extracted(_ found: Extracted, from item: DiscoveryItem, by worker: UUID) async throws {
        let person = found.person
        let texts = person.values.mapValues(\.value.text)
        try await postgres.transaction(as: ServiceCaller()) { tx in
            guard try await close(item, "status = 'done'", tx) else { return }
            try await hold(item.jobID, worker, Self.counted(", contacts_extracted = contacts_extracted + 1"), tx)
            try await tx.execute(
                """
                INSERT INTO contact_discovery_results (
                    id, job_id, provider, provider_listing_id, source_url, contact_type, extraction_method, confidence_score, raw_data,
                    extracted_fields, field_confidence, field_methods, data_completeness, processing_time_ms)
                VALUES (
                    \(UUID.v7()), \(item.jobID), \(item.provider), \(item.providerListingID), left(\(found.url), 2000), \(person.type), \(found.method),
                    \(Self.hundredths(person.confidence)), \(JSON(try seals.sealExcerpt(person.excerpt))), \(JSON(try seals.seal(texts))),
                    \(JSON(Self.named(person.values.mapValues { Double(Int($0.confidence * 100)) / 100 }))),
                    \(JSON(Self.named(person.values.mapValues(\.manner.rawValue)))), \(Self.hundredths(person.completeness)),
                    \(found.milliseconds)::integer)
                """)
        }
    }

    /// A source gave nothing. What may pass is tried again in the next pass.
    func failed(_ item: DiscoveryItem, _ error: SourceError, by worker: UUID) async throws {
        let detail = String(error.detail.replacing("\0", with: "").prefix(500))
        try await postgres.transaction(as: ServiceCaller()) { tx in
            if error.problem.mayPass {
                try await hold(item.jobID, worker, "", tx)
                try await tx.execute(
                    "UPDATE contact_discovery_items SET attempts = attempts + 1, reason = \(error.problem), detail = \(detail) WHERE id = \(item.id)")
                return
            }
            guard try await close(item, "status = 'failed', reason = \(error.problem), detail = \(detail)", tx) else { return }
            let isError = error.problem != .nothingFound
            let message = "\(error.problem.rawValue): \(detail)"
            try await hold(item.jobID, worker, Self.counted(isError ? Self.noted(message) : ""), tx)
        }
    }

    enum Pass: Sendable {
        /// Everything is done, well or not.
        case complete
        /// What is left is tried again later, and the job waits for that.
        case later
    }

    /// At a pass's end: what is left waits for the next, or is given up.
    func endPass(of job: DiscoveryJob, by worker: UUID, backoff: Duration) async throws -> Pass {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let left = try await tx.value(
                "SELECT count(*) FROM contact_discovery_items WHERE job_id = \(job.id) AND status = 'pending'", as: Int.self)
            guard let left, left > 0 else { return .complete }
            if job.retryCount < job.maxRetries {
                // With a quarter of chance, so that jobs that failed together do not come back together.
                let pause = min(Double(backoff.components.seconds) * Double(1 << job.retryCount), 3600) * Double.random(in: 1...1.25)
                try await hold(
                    job.id, worker,
                    """
                    , status = 'pending', retry_count = retry_count + 1,
                    next_attempt_at = now() + make_interval(secs => \(pause)) \(Self.noted("\(left) sources are tried again later"))
                    """, tx, releasing: true)
                return .later
            }
            let given = try await tx.execute(
                "UPDATE contact_discovery_items SET status = 'failed', reason = 'retries_exhausted' WHERE job_id = \(job.id) AND status = 'pending'")
            try await hold(
                job.id, worker,
                ", listings_processed = listings_processed + \(given) \(Self.noted("\(given) sources: retries_exhausted", errors: given))",
                tx)
            return .complete
        }
    }

    /// A result with its values.
    struct Sealed: Sendable, RowDecodable {
        var result: DiscoveryResult
        var values: [String: String]
        var excerpt: [String: String]

        static let columns: SQL = "\(DiscoveryResult.columns), r.extracted_fields, r.raw_data"

        init(row: Row) throws {
            result = try DiscoveryResult(row: row)
            values = try row.json("extracted_fields")
            excerpt = try row.json("raw_data")
        }
    }

    /// Results of a job that nobody has validated.
    func unvalidated(_ job: UUID, limit: Int) async throws -> [Sealed] {
        try await postgres.all(
            as: ServiceCaller(),
            """
            SELECT \(Sealed.columns) FROM contact_discovery_results r
            WHERE r.job_id = \(job) AND r.validation_status = 'pending' ORDER BY r.id LIMIT \(limit)
            """)
    }

    func result(_ id: UUID) async throws -> Sealed? {
        try await postgres.first(as: ServiceCaller(), "SELECT \(Sealed.columns) FROM contact_discovery_results r WHERE r.id = \(id)")
    }

    /// Writes a verdict down, and tells the catalog of whoever is taken. A result is validated once; by an item of a job that does it anew, once more.
    func validated(
        _ sealed: Sealed, _ verdict: ContactVerdict, wanted: Set<ContactField>, of job: DiscoveryJob, by worker: UUID, item: DiscoveryItem? = nil
    ) async throws {
        let result = sealed.result
        let isTaken = verdict.rejection == nil
        try await postgres.transaction(as: ServiceCaller()) { tx in
            if let item { guard try await close(item, "status = 'done'", tx) else { return } }
            let again: SQL = item == nil ? "AND validation_status = 'pending'" : ""
            let written = try await tx.execute(
                """
                UPDATE contact_discovery_results SET validation_status = \(verdict.status), validation_errors = \(verdict.errors),
                    data_completeness = \(Self.hundredths(verdict.completeness)), extraction_accuracy = \(Self.hundredths(verdict.accuracy)),
                    is_accepted = \(isTaken), is_final = \(!isTaken), rejection_reason = \(verdict.rejection), processing_timestamp = now()
                WHERE id = \(result.id) \(again)
                """)
            guard written == 1 else { return }
            let processed: SQL = item == nil ? "" : ", listings_processed = listings_processed + 1"
            try await hold(job.id, worker, ", contacts_validated = contacts_validated + 1 \(processed)", tx)
            guard isTaken else { return }
            try await tx.publish(Self.found(sealed, verdict, wanted: wanted, of: job))
        }
    }

    static func found(_ sealed: Sealed, _ verdict: ContactVerdict, wanted: Set<ContactField>, of job: DiscoveryJob) -> ContactFound {
        let result = sealed.result
        // A value that cannot be right is not told.
        let wrong = Set(verdict.errors.compactMap { $0.split(separator: ":").first.map(String.init) })
        let isTold: (String) -> Bool = { name in
            ContactField(rawValue: name).map { wanted.contains($0) || $0 == .name } == true && (!wrong.contains(name) || verdict.status == .valid)
        }
        return ContactFound(
            resultID: result.id, jobID: job.id, userID: job.parameters.shared == true ? nil : job.userID, provider: result.provider,
            providerListingID: result.providerListingID, contactType: result.contactType, method: result.extractionMethod.rawValue,
            sealedData: sealed.values.filter { isTold($0.key) }, fieldConfidence: result.fieldConfidence.filter { isTold($0.key) },
            fieldMethods: result.fieldMethods.filter { isTold($0.key) },
            confidenceScore: NSDecimalNumber(decimal: result.confidenceScore).doubleValue,
            validationStatus: verdict.status.rawValue, foundAt: result.createdAt)
    }

    /// What a job came to, and the lines of its report: one for each result, without its values.
    func summary(of job: UUID) async throws -> (summary: DiscoverySummary, report: [String]) {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let counts = try await tx.batch([
                "SELECT extraction_method AS name, count(*) AS n FROM contact_discovery_results WHERE job_id = \(job) GROUP BY 1",
                "SELECT validation_status AS name, count(*) AS n FROM contact_discovery_results WHERE job_id = \(job) GROUP BY 1",
                """
                SELECT field AS name, count(*) AS n FROM contact_discovery_results r, jsonb_object_keys(r.extracted_fields) AS field
                WHERE r.job_id = \(job) GROUP BY 1
                """,
                "SELECT reason AS name, count(*) AS n FROM contact_discovery_items WHERE job_id = \(job) AND status = 'failed' GROUP BY 1",
            ]).map { rows in Dictionary(uniqueKeysWithValues: try rows.map { (try $0["name"] as String, try $0["n"] as Int) }) }
            let lines = try await tx.rows(
                """
                SELECT jsonb_build_object('result_id', id, 'provider', provider, 'provider_listing_id', provider_listing_id, 'method', extraction_method,
                    'confidence_score', confidence_score, 'fields', field_confidence, 'validation_status', validation_status,
                    'validation_errors', to_jsonb(validation_errors), 'is_accepted', is_accepted, 'rejection_reason', rejection_reason)::text AS line
                FROM contact_discovery_results WHERE job_id = \(job) ORDER BY id LIMIT \(Self.mostSources)
                """)
            let summary = DiscoverySummary(byMethod: counts[0], byValidation: counts[1], byField: counts[2], failures: counts[3])
            return (summary, try lines.map { try $0["line"] })
        }
    }

    /// Ends a job. `failure` is why nothing at all could be had.
    func end(_ job: UUID, by worker: UUID, summary: DiscoverySummary?, file: String?, failure: String?) async throws {
        let status: JobStatus = failure == nil ? .completed : .failed
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let note: SQL = failure.map { Self.noted($0) } ?? ", progress_percentage = 100"
            try await hold(
                job, worker,
                """
                , status = \(status), current_stage = CASE WHEN \(failure == nil) THEN 'done' ELSE current_stage END, completed_at = now(),
                actual_duration = now() - started_at, result_data = \(summary.map { JSON($0) }), output_files = \(file.map { [$0] } ?? []) \(note)
                """, tx, releasing: true)
            let ended: DiscoveryJob? = try await tx.first("SELECT \(DiscoveryJob.columns) FROM contact_discovery_jobs j WHERE j.id = \(job)")
            if let ended { try await tx.publish(ended.ended) }
        }
    }

    private static func sources(of job: DiscoveryJob) -> SQL {
        let parameters = job.parameters
        let place: SQL = "INSERT INTO contact_discovery_items (id, job_id, position,"
        if let source = parameters.sourceJobID {
            return """
                \(place) result_id)
                SELECT uuid_v7(), \(job.id), row_number() OVER (ORDER BY id), id FROM contact_discovery_results
                WHERE job_id = \(source) ORDER BY id LIMIT \(mostSources)
                """
        }
        if let scraping = parameters.scrapingJobID {
            return """
                \(place) artifact_id, provider, provider_listing_id)
                SELECT uuid_v7(), \(job.id), row_number() OVER (ORDER BY p.id), p.artifact_id, left(c.config_value, 50), left(p.provider_listing_id, 255)
                FROM scraping_pages p LEFT JOIN job_configurations c ON c.job_id = p.job_id AND c.config_key = 'provider'
                WHERE p.job_id = \(scraping) AND p.kind = 'listing' AND p.status = 'read' AND p.artifact_id IS NOT NULL
                ORDER BY p.id LIMIT \(mostSources)
                """
        }
        return """
            \(place) artifact_id, url, provider, provider_listing_id)
            SELECT uuid_v7(), \(job.id), row_number() OVER (), source.artifact_id, source.url, left(page.provider, 50),
                left(page.provider_listing_id, 255)
            FROM (
                SELECT a.id AS artifact_id, NULL::text AS url FROM artifacts a WHERE a.id = ANY (\(parameters.artifactIDs ?? []))
                UNION ALL SELECT NULL::uuid, url FROM unnest(\(parameters.urls ?? [])::text[]) AS url
            ) AS source LEFT JOIN LATERAL (
                SELECT c.config_value AS provider, p.provider_listing_id
                FROM scraping_pages p LEFT JOIN job_configurations c ON c.job_id = p.job_id AND c.config_key = 'provider'
                WHERE p.artifact_id = source.artifact_id AND p.provider_listing_id IS NOT NULL LIMIT 1
            ) AS page ON true
            """
    }

    /// By what the last five hundred took; an address has to be fetched besides.
    private static func estimate(_ count: Int, of job: DiscoveryJob) -> SQL {
        let fetches = Double(job.parameters.urls?.count ?? 0)
        return """
            make_interval(secs => \(fetches) + \(Double(count)) * (
                SELECT coalesce(avg(processing_time_ms), 200) / 1000.0 FROM (
                    SELECT processing_time_ms FROM contact_discovery_results ORDER BY processing_timestamp DESC LIMIT 500) AS recent))
            """
    }

    /// False when the source is closed already: then its effect is in the database, and must not be made twice.
    private func close(_ item: DiscoveryItem, _ change: SQL, _ tx: Transaction) async throws -> Bool {
        try await tx.execute("UPDATE contact_discovery_items SET \(change) WHERE id = \(item.id) AND status = 'pending'") == 1
    }

    /// Locks the job's row, renews the claim on it and changes it; counts are right because the row is locked until the commit.
    private func hold(
        _ job: UUID, _ worker: UUID, _ change: SQL, _ tx: Transaction, releasing: Bool = false, isProgress: Bool = true
    ) async throws {
        let claim: SQL = releasing ? "claimed_by = NULL, claimed_until = NULL" : "claimed_until = \(JobStore.end(of: lease))"
        let progress: SQL = isProgress ? ", claims = 0" : ""
        let held = try await tx.execute(
            """
            UPDATE contact_discovery_jobs SET \(claim) \(progress) \(change)
            WHERE id = \(job) AND claimed_by = \(worker) AND status = 'running'
            """)
        guard held == 1 else { throw JobLost() }
    }

    private static func counted(_ more: SQL) -> SQL {
        """
        , listings_processed = listings_processed + 1,
        progress_percentage = least(90, 90 * (listings_processed + 1) / greatest(total_items, 1)) \(more)
        """
    }

    /// The last hundred messages.
    private static func noted(_ message: String, errors: Int = 1) -> SQL {
        """
        , errors_count = errors_count + \(errors),
        error_messages = (error_messages || \([message]))[greatest(1, cardinality(error_messages) - 98):]
        """
    }

    private static func named<Value>(_ values: [ContactField: Value]) -> [String: Value] {
        Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
    }

    static func hundredths(_ value: Double) -> Decimal { Decimal(Int((min(max(value, 0), 1) * 100).rounded())) / 100 }
}
