import Foundation
import Postgres

/// An account elsewhere that somebody may sign in with, as its owner sees it.
struct OAuthConnection: Codable, Sendable {
    var id: UUID
    var provider: String
    var lastUsedAt: Date?
    var createdAt: Date

    enum CodingKeys: String, CodingKey {
        case id, provider
        case lastUsedAt = "last_used_at"
        case createdAt = "created_at"
    }
}

extension OAuthConnection: RowDecodable {
    static let columns: SQL = "id, provider, last_used_at, created_at"

    init(row: Row) throws {
        id = try row["id"]
        provider = try row["provider"]
        lastUsedAt = try row["last_used_at"]
        createdAt = try row["created_at"]
    }
}
