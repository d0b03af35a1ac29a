import Foundation
import Postgres
import ServiceKit

/// Something that somebody keeps: a home, or an animal.
struct Favorite: Codable, Sendable, Versioned, RowDecodable {
    var id: UUID
    var userID: UUID
    /// One of the two.
    var listingID: UUID?
    var petID: UUID?
    var notes: String?
    var tags: [String]
    var createdAt: Date
    var updatedAt: Date
    var version: Int64

    static let columns: SQL = "id, user_id, listing_id, pet_id, notes, tags, created_at, updated_at, version"

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        listingID = try row["listing_id"]
        petID = try row["pet_id"]
        notes = try row["notes"]
        tags = try row["tags"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
        version = try row["version"]
    }

    enum CodingKeys: String, CodingKey {
        case id, notes, tags, version
        case userID = "user_id"
        case listingID = "listing_id"
        case petID = "pet_id"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}
