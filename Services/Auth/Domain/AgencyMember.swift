import Contracts
import Foundation
import Postgres
import ServiceKit

/// That somebody belongs to an agency, as a row of its own.
struct AgencyMember: Codable, Sendable {
    enum Status: String, WireEnumeration, PostgresEnumeration { case active, inactive, pending }

    var id: UUID
    var userID: UUID
    var agencyID: UUID
    var role: AgencyRole
    var permissions: [String]
    var status: Status
    var joinedAt: Date
    var updatedAt: Date

    var grant: Grant { Grant(role: role, permissions: permissions) }
    var state: MembershipState { MembershipState(role: role.rawValue, permissions: permissions, status: status.rawValue) }

    enum CodingKeys: String, CodingKey {
        case id, role, permissions, status
        case userID = "user_id"
        case agencyID = "agency_id"
        case joinedAt = "joined_at"
        case updatedAt = "updated_at"
    }
}

extension AgencyMember: RowDecodable {
    static let columns: SQL = "id, user_id, agency_id, role, permissions, status, joined_at, updated_at"

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        agencyID = try row["agency_id"]
        role = try row["role"]
        permissions = try row.json("permissions")
        status = try row["status"]
        joinedAt = try row["joined_at"]
        updatedAt = try row["updated_at"]
    }
}
