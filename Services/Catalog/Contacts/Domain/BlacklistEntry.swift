import Foundation
import Postgres
import ServiceKit

/// Something that no contact may have. What it is, only its keyed hash tells, and only to whoever has it already.
struct BlacklistEntry: Codable, Sendable, RowDecodable {
    var id: UUID
    var kind: BlacklistKind
    var reason: String
    var source: BlacklistSource
    var createdBy: UUID?
    var createdAt: Date

    static let columns: SQL = "b.id, b.kind, b.reason, b.source, b.created_by, b.created_at"

    init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        reason = try row["reason"]
        source = try row["source"]
        createdBy = try row["created_by"]
        createdAt = try row["created_at"]
    }

    enum CodingKeys: String, CodingKey {
        case id, kind, reason, source
        case createdBy = "created_by"
        case createdAt = "created_at"
    }
}
