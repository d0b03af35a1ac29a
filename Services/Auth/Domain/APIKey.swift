import Foundation
import Postgres
import ServiceKit

/// An API key as its owner sees it after it was made: never the key itself.
struct APIKey: Codable, Sendable {
    var id: UUID
    var userID: UUID
    /// The agency it acts for; nil for a key that acts for its maker alone.
    var agencyID: UUID?
    var keyName: String
    var keyPrefix: String
    var permissions: [String]
    var isActive: Bool
    var expiresAt: Date?
    /// Within five minutes of the truth: written behind, when a service asks about the key.
    var lastUsedAt: Date?
    var createdAt: Date
    var updatedAt: Date

    enum CodingKeys: String, CodingKey {
        case id, permissions
        case userID = "user_id"
        case agencyID = "agency_id"
        case keyName = "key_name"
        case keyPrefix = "key_prefix"
        case isActive = "is_active"
        case expiresAt = "expires_at"
        case lastUsedAt = "last_used_at"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension APIKey: RowDecodable {
    static let columns: SQL = """
        id, user_id, agency_id, key_name, key_prefix, permissions, is_active, expires_at, last_used_at, created_at, updated_at
        """

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        agencyID = try row["agency_id"]
        keyName = try row["key_name"]
        keyPrefix = try row["key_prefix"]
        permissions = try row.json("permissions")
        isActive = try row["is_active"]
        expiresAt = try row["expires_at"]
        lastUsedAt = try row["last_used_at"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}
