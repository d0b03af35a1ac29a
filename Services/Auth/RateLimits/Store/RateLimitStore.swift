import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// How often whom asked, and who is shut out.
struct RateLimitStore: Sendable {
    /// Beyond that the blocks that end first are not told to services that start.
    static let mostBlocks = 10_000

    let postgres: Postgres
    let rule: BlockRule

    func list(_ filter: RateLimitFilter, after last: UUID?, limit: Int, as caller: Caller) async throws -> [RateLimitRecord] {
        var conditions: [SQL] = ["true"]
        if let identifier = filter.identifier { conditions.append("identifier = \(identifier)") }
        if let type = filter.identifierType { conditions.append("identifier_type = \(type)") }
        if let endpoint = filter.endpoint { conditions.append("endpoint = \(endpoint)") }
        if let isBlocked = filter.isBlocked {
            conditions.append(isBlocked ? "is_blocked AND block_expires_at > now()" : "(NOT is_blocked OR block_expires_at <= now())")
        }
        if let last { conditions.append("id < \(last)") }
        return try await postgres.all(
            as: caller,
            """
            SELECT \(RateLimitRecord.columns) FROM api_rate_limits WHERE \(SQL.joined(conditions, by: " AND ")) ORDER BY id DESC LIMIT \(limit + 1)
            """)
    }

    /// Adds counts up, and shuts out who has gone too far.
    func add(_ windows: [RateLimitWindow], _ tx: Transaction) async throws {
        let known = windows.filter { IdentifierType(rawValue: $0.identifierType) != nil && $0.windowSeconds > 0 }
        guard !known.isEmpty else { return }
        // In one order, so that no two reports wait for each other in a circle.
        let sorted = known.sorted { ($0.identifier, $0.endpoint, $0.windowStart) < ($1.identifier, $1.endpoint, $1.windowStart) }
        let refused: [RateLimitRecord] = try await tx.all(
            """
            WITH added AS (
                INSERT INTO api_rate_limits AS known (id, identifier, identifier_type, endpoint, limit_per_window, window_seconds, request_count,
                    refused_count, window_start, window_end)
                SELECT uuid_v7(), identifier, identifier_type, endpoint, least(quota, 2147483647)::integer, least(seconds, 2147483647)::integer,
                    sum(requests), sum(refusals), starts_at, starts_at + make_interval(secs => seconds::float8)
                FROM unnest(\(sorted.map(\.identifier))::text[], \(sorted.map(\.identifierType))::text[], \(sorted.map(\.endpoint))::text[],
                    \(sorted.map(\.limitPerWindow))::bigint[], \(sorted.map(\.windowSeconds))::bigint[], \(sorted.map(\.requestCount))::bigint[],
                    \(sorted.map(\.refusedCount))::bigint[], \(sorted.map(\.windowStart))::timestamptz[])
                    AS news (identifier, identifier_type, endpoint, quota, seconds, requests, refusals, starts_at)
                GROUP BY identifier, identifier_type, endpoint, quota, seconds, starts_at
                ORDER BY identifier, identifier_type, endpoint, starts_at
                ON CONFLICT (identifier, identifier_type, endpoint, window_start) DO UPDATE SET
                    request_count = known.request_count + excluded.request_count, refused_count = known.refused_count + excluded.refused_count,
                    limit_per_window = excluded.limit_per_window
                RETURNING \(RateLimitRecord.columns)
            )
            SELECT * FROM added WHERE refused_count >= limit_per_window AND NOT is_blocked AND identifier_type <> 'account'
            """)
        for record in refused { try await blockIfRepeated(record, tx) }
    }

    /// Shuts somebody out, or longer than before.
    func block(_ new: NewBlock, as caller: Caller) async throws -> RateLimitRecord {
        try await postgres.transaction(as: caller) { tx in
            let record: RateLimitRecord? = try await tx.first(
                """
                INSERT INTO api_rate_limits (id, identifier, identifier_type, endpoint, limit_per_window, window_seconds, window_start, window_end, is_blocked,
                    block_expires_at, block_reason, blocked_by)
                VALUES (\(UUID.v7()), \(new.identifier), \(new.identifierType), '*', 0, \(new.durationMinutes * 60), clock_timestamp(),
                    clock_timestamp() + make_interval(mins => \(new.durationMinutes)::integer), true,
                    clock_timestamp() + make_interval(mins => \(new.durationMinutes)::integer), \(new.reason), \(caller.userID))
                RETURNING \(RateLimitRecord.columns)
                """)
            guard let record, let block = record.block else { throw APIError.forbidden }
            try await tx.publish(RateLimitBlocked(block: block, reason: new.reason, isAutomatic: false, riskLevel: Severity.high.rawValue))
            return record
        }
    }

    /// Lets somebody in again; nil when that is no block that holds.
    func unblock(_ id: UUID, as caller: Caller) async throws -> RateLimitBlockSnapshot? {
        try await postgres.transaction(as: caller) { tx in
            let known: RateLimitRecord? = try await tx.first(
                "SELECT \(RateLimitRecord.columns) FROM api_rate_limits WHERE id = \(id) AND is_blocked AND block_expires_at > now() FOR UPDATE")
            guard let known, let block = known.block else { return nil }
            // Whoever is shut out twice is let in once.
            try await tx.execute(
                """
                UPDATE api_rate_limits SET is_blocked = false
                WHERE identifier = \(known.identifier) AND identifier_type = \(known.identifierType) AND is_blocked
                """)
            try await tx.publish(RateLimitUnblocked(block: block, riskLevel: Severity.medium.rawValue))
            return block
        }
    }

    /// Who is shut out now.
    func blocks() async throws -> [RateLimitBlockSnapshot] {
        let rows: [RateLimitRecord] = try await postgres.all(
            as: ServiceCaller(),
            """
            SELECT \(RateLimitRecord.columns) FROM api_rate_limits WHERE is_blocked AND block_expires_at > now()
            ORDER BY block_expires_at DESC LIMIT \(Self.mostBlocks)
            """)
        return rows.compactMap(\.block)
    }

    /// Deletes windows that ended a day ago, some at a time; how many. A block is kept as long as it holds.
    func deleteOld(most: Int = 1000) async throws -> Int {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                """
                DELETE FROM api_rate_limits WHERE id IN (
                    SELECT id FROM api_rate_limits
                    WHERE window_end < now() - interval '1 day' AND (NOT is_blocked OR block_expires_at < now() - interval '1 day')
                    LIMIT \(most) FOR UPDATE SKIP LOCKED)
                """)
        }
    }

    private func blockIfRepeated(_ record: RateLimitRecord, _ tx: Transaction) async throws {
        let (windows, minutes) = (rule.windows.current, rule.minutes.current)
        guard windows > 0 else { return }
        let blocked: RateLimitRecord? = try await tx.first(
            """
            UPDATE api_rate_limits SET is_blocked = true, block_expires_at = now() + make_interval(mins => \(minutes)::integer),
                block_reason = 'refused again and again: ' || endpoint
            WHERE id = \(record.id) AND NOT is_blocked AND (
                SELECT count(*) FROM api_rate_limits w
                WHERE w.identifier = \(record.identifier) AND w.identifier_type = \(record.identifierType) AND w.endpoint = \(record.endpoint)
                    AND w.window_start > \(record.windowStart) - make_interval(secs => \(record.windowSeconds * 10)::float8)
                    AND w.refused_count >= w.limit_per_window) >= \(windows)
                AND NOT EXISTS (
                    SELECT FROM api_rate_limits b WHERE b.identifier = \(record.identifier) AND b.identifier_type = \(record.identifierType)
                        AND b.is_blocked AND b.block_expires_at > now())
            RETURNING \(RateLimitRecord.columns)
            """)
        guard let block = blocked?.block else { return }
        try await tx.publish(
            RateLimitBlocked(block: block, reason: blocked?.blockReason ?? "", isAutomatic: true, riskLevel: Severity.high.rawValue))
    }
}

/// Auth's own counts need no message.
extension RateLimitStore: RateLimitSink {
    func report(_ windows: [RateLimitWindow]) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in try await add(windows, tx) }
    }
}
