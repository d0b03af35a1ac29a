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
        RetentionRule("runs that a schedule has started, after a month") { now, limit in
            """
            DELETE FROM scraping_jobs WHERE id IN (
                SELECT id FROM scraping_jobs WHERE parent_id IS NOT NULL AND next_run_at IS NULL
                    AND completed_at < \(now)::timestamptz - interval '1 month'
                ORDER BY completed_at LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            """
        },
        RetentionRule("jobs with what they have fetched, after half a year") { now, limit in
            """
            DELETE FROM scraping_jobs WHERE id IN (
                SELECT id FROM scraping_jobs WHERE next_run_at IS NULL AND completed_at < \(now)::timestamptz - interval '6 months'
                ORDER BY completed_at LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            """
        },
        RetentionRule("what fetchers did, after a month") { now, limit in
            """
            DELETE FROM fetches WHERE id IN (
                SELECT id FROM fetches WHERE created_at < \(now)::timestamptz - interval '1 month'
                ORDER BY created_at LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            """
        },
        // What came of it is the catalog's; what came of nothing is kept only for as long as somebody may still decide on it.
        RetentionRule("results that nobody has taken, after a month") { now, limit in
            """
            DELETE FROM contact_discovery_results WHERE id IN (
                SELECT id FROM contact_discovery_results
                WHERE contact_id IS NULL AND created_at < \(now)::timestamptz - interval '1 month'
                ORDER BY created_at LIMIT \(limit) FOR UPDATE SKIP LOCKED)
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
