import Foundation
import Postgres
import ServiceKit

/// What is known of the pictures of listings.
struct PictureStore: Sendable {
    /// A picture that could not be had is asked for again after this time.
    static let patience: Duration = .seconds(86_400)

    let postgres: Postgres

    /// By address. What failed long enough ago is not among them.
    func known(_ urls: [String]) async throws -> [String: PictureLook] {
        guard !urls.isEmpty else { return [:] }
        let rows = try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.rows(
                """
                SELECT url, hash, reason FROM picture_hashes
                WHERE url = ANY (\(urls)) AND (hash IS NOT NULL OR fetched_at > now() - make_interval(secs => \(Self.patience / .seconds(1))))
                """)
        }
        return try rows.reduce(into: [:]) { known, row in
            known[try row["url"]] = try (row["hash"] as String?).map(PictureLook.hash) ?? .none(row["reason"])
        }
    }

    /// Keeps what came of asking for one, and what the fetcher decided on the way.
    func keep(_ look: PictureLook, of url: String, _ journal: FetchJournal, job: UUID) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await FetchStore.record(journal.decisions, of: job, tx)
            try await tx.execute(
                """
                INSERT INTO picture_hashes (url, hash, reason) VALUES (\(url), \(look.hash), \(look.reason))
                ON CONFLICT (url) DO UPDATE SET hash = coalesce(excluded.hash, picture_hashes.hash),
                    reason = CASE WHEN coalesce(excluded.hash, picture_hashes.hash) IS NULL THEN excluded.reason END, fetched_at = now()
                """)
        }
    }
}
