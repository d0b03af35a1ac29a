import Foundation
import Postgres
import Redis
import ServiceKit

/// Figures that are kept for a while: in Redis (`dashboard:{metric}`) and in their row, each for the row's `cache_ttl_seconds`.
struct DashboardStore {
    let postgres: Postgres
    let cache: Cache

    func overview(as caller: Caller) async throws -> Overview {
        if let cached = await cache.get("dashboard:overview", as: Overview.self) { return cached }
        let overview = if let stored = try await stored() { stored } else { try await computed() }
        let age = Date().timeIntervalSince(overview.lastUpdatedAt)
        let left = Double(overview.cacheTTLSeconds) - age
        if left >= 1 { await cache.set("dashboard:overview", overview, ttl: .seconds(left)) }
        return overview
    }

    /// The row, while it is fresh.
    private func stored() async throws -> Overview? {
        let row: Metric? = try await postgres.first(
            as: ServiceCaller(),
            """
            SELECT metric_value FROM dashboard_metrics
            WHERE metric_name = 'overview' AND last_updated_at > now() - cache_ttl_seconds * interval '1 second'
            """)
        return row?.value
    }

    /// Counts, and keeps the answer. Copies that find the row stale at once take turns, and all but the first find it fresh.
    private func computed() async throws -> Overview {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let ttl: Int? = try await tx.value("SELECT cache_ttl_seconds FROM dashboard_metrics WHERE metric_name = 'overview' FOR UPDATE")
            let kept: Metric? = try await tx.first(
                """
                SELECT metric_value FROM dashboard_metrics
                WHERE metric_name = 'overview' AND last_updated_at > clock_timestamp() - cache_ttl_seconds * interval '1 second'
                """)
            if let kept { return kept.value }
            let counts: [Overview.Count] = try await tx.all(
                """
                SELECT event_type, sum(events)::bigint AS total,
                    coalesce(sum(events) FILTER (WHERE day = (now() AT TIME ZONE 'UTC')::date), 0)::bigint AS today
                FROM event_counts GROUP BY event_type ORDER BY event_type LIMIT 500
                """)
            let overview = Overview(counts, at: Date(), ttl: ttl ?? 300)
            try await tx.execute(
                """
                UPDATE dashboard_metrics SET metric_value = \(JSON(overview)), last_updated_at = clock_timestamp()
                WHERE metric_name = 'overview'
                """)
            return overview
        }
    }

    private struct Metric: RowDecodable {
        var value: Overview
        init(row: Row) throws { value = try row.json("metric_value") }
    }
}

extension Overview.Count: RowDecodable {
    init(row: Row) throws {
        self.init(eventType: try row["event_type"], total: try row["total"], today: try row["today"])
    }
}
