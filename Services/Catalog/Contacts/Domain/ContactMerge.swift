import Foundation
import Postgres
import ServiceKit

/// That two contacts may be one, and what was decided.
struct ContactMerge: Codable, Sendable, Versioned, RowDecodable {
    var id: UUID
    /// The one that stays.
    var contactID: UUID
    var duplicateID: UUID
    var userID: UUID?
    var probability: Decimal
    var reasons: [String: Double]
    var status: MergeStatus
    var decidedBy: UUID?
    var decidedAt: Date?
    var createdAt: Date
    var updatedAt: Date
    var version: Int64

    static let columns: SQL = """
        m.id, m.contact_id, m.duplicate_id, m.user_id, m.probability, m.reasons, m.status, m.decided_by, m.decided_at, m.created_at, m.updated_at,
        m.version
        """

    init(row: Row) throws {
        id = try row["id"]
        contactID = try row["contact_id"]
        duplicateID = try row["duplicate_id"]
        userID = try row["user_id"]
        probability = try row["probability"]
        reasons = try row.json("reasons")
        status = try row["status"]
        decidedBy = try row["decided_by"]
        decidedAt = try row["decided_at"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
        version = try row["version"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case contactID = "contact_id"
        case duplicateID = "duplicate_id"
        case userID = "user_id"
        case probability, reasons, status
        case decidedBy = "decided_by"
        case decidedAt = "decided_at"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case version
    }
}
