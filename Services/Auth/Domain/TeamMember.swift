import Foundation
import Postgres
import ServiceKit

/// That a member of the agency belongs to a team.
struct TeamMember: Codable, Sendable {
    enum Role: String, WireEnumeration, PostgresEnumeration { case lead, member }

    var id: UUID
    var teamID: UUID
    var userID: UUID
    var role: Role
    var joinedAt: Date

    enum CodingKeys: String, CodingKey {
        case id, role
        case teamID = "team_id"
        case userID = "user_id"
        case joinedAt = "joined_at"
    }
}

extension TeamMember: RowDecodable {
    static let columns: SQL = "id, team_id, user_id, role, joined_at"

    init(row: Row) throws {
        id = try row["id"]
        teamID = try row["team_id"]
        userID = try row["user_id"]
        role = try row["role"]
        joinedAt = try row["joined_at"]
    }
}
