import Foundation
import Postgres
import ServiceKit

/// What the scraper keeps for a while and no longer.
enum ScraperRetention {
    static let rules = [
        // A failed job that had fetched something is kept with it: its pages can be read again.
        RetentionRule("jobs that failed, after three months") { now, limit in
            """
            DELETE FROM scraping_jobs WHERE id IN (
                SELECT id FROM scraping_jobs AS job
                WHERE status = 'failed' AND next_run_at IS NULL AND id < \(UUID.earliest(at: now.addingTimeInterval(-89 * 86_400)))
                    AND completed_at < \(now)::timestamptz - interval '3 months'
                    AND NOT EXISTS (SELECT 1 FROM artifacts WHERE artifacts.job_id = job.id)
                ORDER BY id LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            """
        },
        // A picture at one address stays the same for as long as an offer lasts.
        RetentionRule("what pictures look like, after 90 days") { now, limit in
            """
            DELETE FROM picture_hashes WHERE url IN (
                SELECT url FROM picture_hashes WHERE fetched_at < \(now)::timestamptz - interval '90 days'
                ORDER BY fetched_at LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            """
        },
    ]
}
