import Foundation
import Messaging

/// Tells `auth` how often somebody asked within a window. Sent every few seconds, in batches, by every copy of every service; what was told before is
/// not told again, so `auth` adds up.
public struct ReportRateLimits: Command {
    public static let name = "auth.rate_limits.report.v1"
    public static let senders = ["catalog", "documents", "campaigns", "alerts", "scraper", "analytics"]
    /// The process that counted.
    public var processID: UUID
    public var windows: [RateLimitWindow]
    public var subject: UUID { processID }
    public init(processID: UUID, windows: [RateLimitWindow]) {
        self.processID = processID
        self.windows = windows
    }
    enum CodingKeys: String, CodingKey {
        case processID = "process_id"
        case windows
    }
}

/// How often somebody asked under one limit in one window, since the last report.
public struct RateLimitWindow: Codable, Sendable, Hashable {
    public var identifier: String
    /// ip, user, api_key, account
    public var identifierType: String
    /// The limit's name: `user`, `anonymous`, `api_key` for everything together, or that of a class of endpoints such as `sign_in`.
    public var endpoint: String
    public var limitPerWindow: Int
    public var windowSeconds: Int
    public var windowStart: Date
    public var requestCount: Int
    public var refusedCount: Int
    public init(
        identifier: String, identifierType: String, endpoint: String, limitPerWindow: Int, windowSeconds: Int, windowStart: Date,
        requestCount: Int, refusedCount: Int
    ) {
        self.identifier = identifier
        self.identifierType = identifierType
        self.endpoint = endpoint
        self.limitPerWindow = limitPerWindow
        self.windowSeconds = windowSeconds
        self.windowStart = windowStart
        self.requestCount = requestCount
        self.refusedCount = refusedCount
    }
    enum CodingKeys: String, CodingKey {
        case identifier, endpoint
        case identifierType = "identifier_type"
        case limitPerWindow = "limit_per_window"
        case windowSeconds = "window_seconds"
        case windowStart = "window_start"
        case requestCount = "request_count"
        case refusedCount = "refused_count"
    }
}

/// Somebody is shut out for a while: by an administrator, or for going on beyond their limits. Every copy of every service refuses them at once.
public struct RateLimitBlocked: Event {
    public static let name = "auth.rate_limit.blocked.v1"
    public var block: RateLimitBlockSnapshot
    public var reason: String
    public var isAutomatic: Bool
    /// low, medium, high, critical: how much it weighs in the audit trail.
    public var riskLevel: String
    public var subject: UUID { block.id }
    public init(block: RateLimitBlockSnapshot, reason: String, isAutomatic: Bool, riskLevel: String) {
        self.block = block
        self.reason = reason
        self.isAutomatic = isAutomatic
        self.riskLevel = riskLevel
    }
    enum CodingKeys: String, CodingKey {
        case block, reason
        case isAutomatic = "is_automatic"
        case riskLevel = "risk_level"
    }
}

/// An administrator let somebody in again before the time.
public struct RateLimitUnblocked: Event {
    public static let name = "auth.rate_limit.unblocked.v1"
    public var block: RateLimitBlockSnapshot
    public var riskLevel: String
    public var subject: UUID { block.id }
    public init(block: RateLimitBlockSnapshot, riskLevel: String) {
        self.block = block
        self.riskLevel = riskLevel
    }
    enum CodingKeys: String, CodingKey {
        case block
        case riskLevel = "risk_level"
    }
}

/// Who is shut out, and until when.
public struct RateLimitBlockSnapshot: Codable, Sendable, Hashable {
    public var id: UUID
    public var identifier: String
    /// ip, user, api_key, account
    public var identifierType: String
    public var expiresAt: Date
    public init(id: UUID, identifier: String, identifierType: String, expiresAt: Date) {
        self.id = id
        self.identifier = identifier
        self.identifierType = identifierType
        self.expiresAt = expiresAt
    }
    enum CodingKeys: String, CodingKey {
        case id, identifier
        case identifierType = "identifier_type"
        case expiresAt = "expires_at"
    }
}
