import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Scraper

@Suite struct RetentionTests {
    @Test func `A job that failed and fetched nothing goes after three months, a schedule's run after one, any after six; others stay`() async throws
    {
        try await TestSchema(logger: TestDatabase.logger).with(.scraper) { url, _ in
            try await TestDatabase.running(PostgresConfiguration(url: url, schema: "scraper")) { postgres in try await expectRetention(postgres) }
        }
    }

    private func expectRetention(_ postgres: Postgres) async throws {
        let now = Date()
        let day = 86_400.0
        _ = try await postgres.transaction(as: ServiceCaller()) { tx in
            let parent = UUID.v7()
            for (title, age, status) in [
                ("clock", 200.0, "completed"), ("old", 100, "failed"), ("young", 80, "failed"), ("done", 100, "completed"),
                ("fetched", 100, "failed"),
                ("ancient", 190, "completed"), ("run", 40, "completed"), ("recent run", 20, "completed"),
            ] {
                let ended = now.addingTimeInterval(-age * day)
                let id = title == "clock" ? parent : UUID.v7(at: ended)
                let (next, from) = (title == "clock" ? now : nil, title.hasSuffix("run") ? parent : nil)
                try await tx.execute(
                    """
                    INSERT INTO scraping_jobs (id, user_id, job_type, title, status, created_at, completed_at, next_run_at, parent_id)
                    VALUES (\(id), \(UUID.v7()), 'search', \(title), \(status), \(ended), \(ended), \(next)::timestamptz, \(from)::uuid)
                    """)
                if title == "fetched" {
                    try await tx.execute(
                        """
                        INSERT INTO artifacts (job_id, user_id, artifact_type, content_hash, storage_path)
                        VALUES (\(id), \(UUID.v7()), 'web_page', repeat('a', 64), 'page')
                        """)
                }
            }
        }
        let retention = Retention(ScraperRetention.rules, postgres: postgres, logger: TestDatabase.logger, now: { now }, sleep: { _ in })
        #expect(try await retention.keep().values.reduce(0, +) == 3)
        let left = try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.rows("SELECT title FROM scraping_jobs ORDER BY title").map { try $0["title"] as String }
        }
        #expect(Set(left) == ["clock", "done", "fetched", "recent run", "young"])
    }
}
