import Foundation
import Postgres
import ServiceKit

/// An agency one belongs to, and as what.
struct OwnAgency: Codable, Sendable {
    var membershipID: UUID
    var role: AgencyRole
    var agency: Agency

    enum CodingKeys: String, CodingKey {
        case role, agency
        case membershipID = "membership_id"
    }
}

extension OwnAgency: RowDecodable {
    init(row: Row) throws {
        membershipID = try row["membership_id"]
        role = try row["own_role"]
        agency = try Agency(row: row)
    }
}
