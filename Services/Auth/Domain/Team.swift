import Foundation
import Postgres
import ServiceKit

/// Some of an agency's members, who work together.
struct Team: Codable, Sendable, Versioned {
    var id: UUID
    var agencyID: UUID
    var name: String
    var description: String?
    var leadUserID: UUID?
    var settings: [String: JSONValue]
    var version: Int64
    var createdAt: Date
    var updatedAt: Date

    enum CodingKeys: String, CodingKey {
        case id, name, description, settings, version
        case agencyID = "agency_id"
        case leadUserID = "lead_user_id"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension Team: RowDecodable {
    static let columns: SQL = "id, agency_id, name, description, lead_user_id, settings, version, created_at, updated_at"

    init(row: Row) throws {
        id = try row["id"]
        agencyID = try row["agency_id"]
        name = try row["name"]
        description = try row["description"]
        leadUserID = try row["lead_user_id"]
        settings = try row.json("settings")
        version = try row["version"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}
