import Contracts
import Foundation
import Postgres
import ServiceKit

/// How often somebody asked in one window, or that they are shut out.
struct RateLimitRecord: Codable, Sendable, RowDecodable {
    static let columns: SQL = """
        id, identifier, identifier_type, endpoint, limit_per_window, window_seconds, request_count, refused_count, window_start, window_end, \
        is_blocked, block_expires_at, block_reason, blocked_by, created_at, updated_at
        """

    var id: UUID
    var identifier: String
    var identifierType: IdentifierType
    var endpoint: String
    var limitPerWindow: Int
    var windowSeconds: Int
    var requestCount: Int64
    var refusedCount: Int64
    var windowStart: Date
    var windowEnd: Date
    var isBlocked: Bool
    var blockExpiresAt: Date?
    var blockReason: String?
    var blockedBy: UUID?
    var createdAt: Date
    var updatedAt: Date

    /// What every service is told; nil of what is no block.
    var block: RateLimitBlockSnapshot? {
        guard isBlocked, let blockExpiresAt else { return nil }
        return RateLimitBlockSnapshot(id: id, identifier: identifier, identifierType: identifierType.rawValue, expiresAt: blockExpiresAt)
    }

    init(row: Row) throws {
        id = try row["id"]
        identifier = try row["identifier"]
        identifierType = try row["identifier_type"]
        endpoint = try row["endpoint"]
        limitPerWindow = try row["limit_per_window"]
        windowSeconds = try row["window_seconds"]
        requestCount = try row["request_count"]
        refusedCount = try row["refused_count"]
        windowStart = try row["window_start"]
        windowEnd = try row["window_end"]
        isBlocked = try row["is_blocked"]
        blockExpiresAt = try row["block_expires_at"]
        blockReason = try row["block_reason"]
        blockedBy = try row["blocked_by"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }

    enum CodingKeys: String, CodingKey {
        case id, identifier, endpoint
        case identifierType = "identifier_type"
        case limitPerWindow = "limit_per_window"
        case windowSeconds = "window_seconds"
        case requestCount = "request_count"
        case refusedCount = "refused_count"
        case windowStart = "window_start"
        case windowEnd = "window_end"
        case isBlocked = "is_blocked"
        case blockExpiresAt = "block_expires_at"
        case blockReason = "block_reason"
        case blockedBy = "blocked_by"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}
