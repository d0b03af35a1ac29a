import Foundation
import Postgres

/// One thing that is known of an artifact: `http` what the answer's head said, `page` what the page says of itself, `listing` what it shows.
struct MetadataTag: Codable, Sendable, RowDecodable {
    static let columns: SQL = "t.id, t.artifact_id, t.tag_type, t.tag_key, t.tag_value, t.created_at"

    var id: UUID
    var artifactID: UUID
    var tagType: String
    var tagKey: String
    var tagValue: String?
    var createdAt: Date

    init(row: Row) throws {
        id = try row["id"]
        artifactID = try row["artifact_id"]
        tagType = try row["tag_type"]
        tagKey = try row["tag_key"]
        tagValue = try row["tag_value"]
        createdAt = try row["created_at"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case artifactID = "artifact_id"
        case tagType = "tag_type"
        case tagKey = "tag_key"
        case tagValue = "tag_value"
        case createdAt = "created_at"
    }
}
