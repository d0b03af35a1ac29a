import Foundation
import Postgres
import ServiceKit

/// A saved search: what a seeker looks for. Rents per month, areas in square metres, lease durations in months. A criterion that is not set asks for nothing.
struct SearchCriteria: Codable, Sendable, Versioned, RowDecodable {
    var id: UUID
    var userID: UUID
    var wishes: SearchWishes
    var lastRunAt: Date?
    var nextRunAt: Date?
    var createdAt: Date
    var updatedAt: Date
    var createdBy: UUID?
    var updatedBy: UUID?
    var version: Int64

    static let columns: SQL = """
        id, user_id, \(SearchWishes.columns), last_run_at, next_run_at, created_at, updated_at, created_by, updated_by, version
        """

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        wishes = try SearchWishes(row: row)
        lastRunAt = try row["last_run_at"]
        nextRunAt = try row["next_run_at"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
        createdBy = try row["created_by"]
        updatedBy = try row["updated_by"]
        version = try row["version"]
    }

    /// The wishes stand beside the other members on the wire, not within one of their own.
    func encode(to encoder: any Encoder) throws {
        try wishes.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(userID, forKey: .userID)
        try container.encode(lastRunAt, forKey: .lastRunAt)
        try container.encode(nextRunAt, forKey: .nextRunAt)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(updatedAt, forKey: .updatedAt)
        try container.encode(createdBy, forKey: .createdBy)
        try container.encode(updatedBy, forKey: .updatedBy)
        try container.encode(version, forKey: .version)
    }

    init(from decoder: any Decoder) throws {
        wishes = try SearchWishes(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(UUID.self, forKey: .id)
        userID = try container.decode(UUID.self, forKey: .userID)
        lastRunAt = try container.decodeIfPresent(Date.self, forKey: .lastRunAt)
        nextRunAt = try container.decodeIfPresent(Date.self, forKey: .nextRunAt)
        createdAt = try container.decode(Date.self, forKey: .createdAt)
        updatedAt = try container.decode(Date.self, forKey: .updatedAt)
        createdBy = try container.decodeIfPresent(UUID.self, forKey: .createdBy)
        updatedBy = try container.decodeIfPresent(UUID.self, forKey: .updatedBy)
        version = try container.decode(Int64.self, forKey: .version)
    }

    enum CodingKeys: String, CodingKey {
        case id
        case userID = "user_id"
        case lastRunAt = "last_run_at"
        case nextRunAt = "next_run_at"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case createdBy = "created_by"
        case updatedBy = "updated_by"
        case version
    }
}
