import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Scraper

@Suite("Readers against their own past")
struct ReaderDriftTests {
    private func with(_ body: @escaping @Sendable (Postgres) async throws -> Void) async throws {
        try await TestSchema(logger: TestDatabase.logger).with(.scraper) { url, _ in
            try await TestDatabase.running(PostgresConfiguration(url: url, maximumConnections: 4, schema: "scraper"), body)
        }
    }

    /// Pages of one reader, the last the newest.
    private func read(_ count: Int, _ fields: [String], _ postgres: Postgres, provider: String = "wg_gesucht", daysOld: Int = 0) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let job = UUID.v7()
            let artifact = UUID.v7()
            try await tx.execute("INSERT INTO scraping_jobs (id, user_id, job_type, title) VALUES (\(job), \(UUID.v7()), 'listing_scrape', 'x')")
            try await tx.execute(
                """
                INSERT INTO artifacts (id, job_id, user_id, artifact_type, content_hash, storage_path)
                VALUES (\(artifact), \(job), \(UUID.v7()), 'web_page', repeat('a', 64), 'x')
                """)
            try await tx.execute(
                """
                INSERT INTO content_extractions (artifact_id, extraction_type, provider, fields, fetched_at, created_at)
                SELECT \(artifact), 'listing', \(provider), \(fields), clock_timestamp() - make_interval(days => \(daysOld)::int), clock_timestamp()
                FROM generate_series(1, \(count))
                """)
        }
    }

    @Test("a field that is suddenly missing raises one alarm, however many look, until it is back")
    func falls() async throws {
        try await with { postgres in
            let drifts = DriftStore(postgres: postgres)
            try await read(100, ["title", "rent_netto", "street"], postgres)
            try await read(30, ["title", "rent_netto", "street"], postgres)
            let calm = try await drifts.watch()
            #expect(calm.isEmpty)
            try await read(30, ["title", "street"], postgres)
            let raised = try await withThrowingTaskGroup(of: [ReaderDrift].self) { group in
                for _ in 0..<20 { group.addTask { try await drifts.watch() } }
                return try await group.reduce(into: [ReaderDrift]()) { $0 += $1 }
            }
            #expect(raised.map(\.field) == ["rent_netto"])
            #expect(raised.first?.pastShare == 1 && raised.first?.recentShare == 0)
            let sent: Int? = try await postgres.value("SELECT count(*)::int FROM outbox WHERE type = \(ReaderDrifted.name)")
            #expect(sent == 1)
            let seen = try await drifts.list(provider: "wg_gesucht", open: true, after: nil, limit: 10, as: .test(role: .moderator))
            #expect(seen.count == 1)
            try await read(30, ["title", "rent_netto", "street"], postgres)
            _ = try await drifts.watch()
            let open = try await drifts.list(provider: nil, open: true, after: nil, limit: 10, as: .test(role: .moderator))
            #expect(open.isEmpty)
        }
    }

    @Test("a reader that reads nothing any more is noticed by every field it had")
    func nothing() async throws {
        try await with { postgres in
            try await read(100, ["title", "rooms"], postgres)
            try await read(30, [], postgres)
            let raised = try await DriftStore(postgres: postgres).watch()
            #expect(Set(raised.map(\.field)) == ["title", "rooms"])
        }
    }

    @Test("few pages, rare fields, other readers and old pages that are read again raise nothing")
    func quiet() async throws {
        try await with { postgres in
            let drifts = DriftStore(postgres: postgres)
            try await read(40, ["title"], postgres, provider: "immowelt")
            try await read(30, [], postgres, provider: "immowelt")
            try await read(90, ["title"], postgres, provider: "sparkasse")
            try await read(10, ["title", "virtual_tour_url"], postgres, provider: "sparkasse")
            try await read(30, ["title"], postgres, provider: "sparkasse")
            try await read(100, ["title", "street"], postgres, provider: "kleinanzeigen")
            try await read(30, ["title", "street"], postgres, provider: "kleinanzeigen")
            try await read(30, [], postgres, provider: "kleinanzeigen", daysOld: 30)
            let raised = try await drifts.watch()
            #expect(raised.isEmpty, "\(raised.map { "\($0.provider) \($0.field)" })")
            let health = ReaderHealth.all(try await drifts.shares(as: Caller.test(role: .moderator)))
            #expect(health.map(\.provider) == Readers.all.map(\.provider).sorted())
            #expect(health.first { $0.provider == "kleinanzeigen" }?.fields.first { $0.field == "street" }?.recentShare == 1)
        }
    }
}
