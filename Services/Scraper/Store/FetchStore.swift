import Foundation
import Postgres
import ServiceKit

/// What fetchers did, and the pages that they need not ask for again while these are the same.
struct FetchStore: Sendable {
    let postgres: Postgres

    /// A page as it last came, whoever asked for it.
    struct Copy: Sendable, RowDecodable {
        var validators: PageValidators
        var contentType: String?
        var storagePath: String

        init(row: Row) throws {
            validators = PageValidators(url: try row["final_url"], etag: try row["etag"], lastModified: try row["last_modified"])
            contentType = try row["content_type"]
            storagePath = try row["storage_path"]
        }
    }

    /// In order.
    func list(_ job: UUID, after: UUID?, limit: Int, as caller: Caller) async throws -> [Fetch] {
        let after: SQL = after.map { "AND f.id > \($0)" } ?? ""
        return try await postgres.all(
            as: caller, "SELECT \(Fetch.columns) FROM fetches f WHERE f.job_id = \(job) \(after) ORDER BY f.id LIMIT \(limit + 1)")
    }

    func copy(of url: String) async throws -> Copy? {
        try await postgres.first(
            as: ServiceCaller(), "SELECT final_url, etag, last_modified, content_type, storage_path FROM page_copies WHERE url = \(url)")
    }

    /// Keeps what the site said of a page; one without validators is asked for whole each time.
    static func keep(_ page: FetchedPage, of url: String, at path: String, _ tx: Transaction) async throws {
        guard page.etag != nil || page.lastModified != nil, url.utf8.count <= 2000, page.url.absoluteString.utf8.count <= 2000 else {
            try await tx.execute("DELETE FROM page_copies WHERE url = \(url)")
            return
        }
        try await tx.execute(
            """
            INSERT INTO page_copies (url, final_url, etag, last_modified, content_type, storage_path, fetched_at)
            VALUES (\(url), \(page.url.absoluteString), \(page.etag), \(page.lastModified), left(\(page.contentType), 255), \(path), \(page.fetchedAt))
            ON CONFLICT (url) DO UPDATE SET final_url = excluded.final_url, etag = excluded.etag, last_modified = excluded.last_modified,
                content_type = excluded.content_type, storage_path = excluded.storage_path, fetched_at = excluded.fetched_at
            WHERE page_copies.fetched_at < excluded.fetched_at
            """)
    }

    /// Forgets pages that nobody has asked for in a long time, a batch at a time; gives how many.
    func forget(olderThan days: Int) async throws -> Int {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                """
                DELETE FROM page_copies WHERE url IN (
                    SELECT url FROM page_copies WHERE fetched_at < now() - make_interval(days => \(days)::int) ORDER BY fetched_at LIMIT 1000
                    FOR UPDATE SKIP LOCKED)
                """)
        }
    }

    /// What was decided for a scraping job, or for one that looks for contacts.
    static func record(_ decisions: [FetchDecision], of job: UUID? = nil, discovery: UUID? = nil, _ tx: Transaction) async throws {
        for decision in decisions {
            try await tx.execute(
                """
                INSERT INTO fetches (id, job_id, discovery_job_id, url, decision, reason, detail, http_status, bytes, waited_ms, took_ms)
                VALUES (\(UUID.v7()), \(job), \(discovery), left(\(decision.url), 2000), \(decision.decision), \(decision.reason), left(\(decision.detail), 500),
                        \(decision.httpStatus), \(decision.bytes), \(Int(decision.waited / .milliseconds(1))), \(Int(decision.took / .milliseconds(1))))
                """)
        }
    }
}
