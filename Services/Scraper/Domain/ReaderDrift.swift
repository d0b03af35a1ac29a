import Foundation
import Postgres

/// A field that a reader finds more seldom than it used to.
struct ReaderDrift: Codable, Sendable, RowDecodable {
    static let columns: SQL =
        "d.id, d.provider, d.field, d.past_share, d.recent_share, d.past_pages, d.recent_pages, d.raised_at, d.resolved_at"

    var id: UUID
    var provider: String
    var field: String
    var pastShare: Decimal
    var recentShare: Decimal
    var pastPages: Int
    var recentPages: Int
    var raisedAt: Date
    var resolvedAt: Date?

    init(row: Row) throws {
        id = try row["id"]
        provider = try row["provider"]
        field = try row["field"]
        pastShare = try row["past_share"]
        recentShare = try row["recent_share"]
        pastPages = try row["past_pages"]
        recentPages = try row["recent_pages"]
        raisedAt = try row["raised_at"]
        resolvedAt = try row["resolved_at"]
    }

    enum CodingKeys: String, CodingKey {
        case id, provider, field
        case pastShare = "past_share"
        case recentShare = "recent_share"
        case pastPages = "past_pages"
        case recentPages = "recent_pages"
        case raisedAt = "raised_at"
        case resolvedAt = "resolved_at"
    }
}
