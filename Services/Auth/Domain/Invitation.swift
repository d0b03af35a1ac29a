import Foundation
import Postgres
import ServiceKit

/// That an agency has asked somebody to join it, as those see it who manage its members.
struct Invitation: Codable, Sendable {
    enum Status: String, WireEnumeration, PostgresEnumeration { case pending, accepted, declined, revoked }

    var id: UUID
    var agencyID: UUID
    var email: String
    var role: AgencyRole
    var permissions: [String]
    var status: Status
    var invitedBy: UUID?
    var expiresAt: Date
    var sentAt: Date
    var sentCount: Int
    var answeredAt: Date?
    var createdAt: Date

    enum CodingKeys: String, CodingKey {
        case id, email, role, permissions, status
        case agencyID = "agency_id"
        case invitedBy = "invited_by"
        case expiresAt = "expires_at"
        case sentAt = "sent_at"
        case sentCount = "sent_count"
        case answeredAt = "answered_at"
        case createdAt = "created_at"
    }
}

extension Invitation: RowDecodable {
    static let columns: SQL = """
        id, agency_id, email, role, permissions, status, invited_by, expires_at, sent_at, sent_count, answered_at, created_at
        """

    init(row: Row) throws {
        id = try row["id"]
        agencyID = try row["agency_id"]
        email = try row["email"]
        role = try row["role"]
        permissions = try row.json("permissions")
        status = try row["status"]
        invitedBy = try row["invited_by"]
        expiresAt = try row["expires_at"]
        sentAt = try row["sent_at"]
        sentCount = try row["sent_count"]
        answeredAt = try row["answered_at"]
        createdAt = try row["created_at"]
    }
}
