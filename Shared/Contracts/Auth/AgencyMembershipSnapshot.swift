import Foundation

/// That somebody belongs to an agency, as what, and what they may do there beyond their role.
public struct AgencyMembershipSnapshot: Codable, Sendable, Hashable {
    public var agencyID: UUID
    /// owner, admin, agent, assistant, viewer
    public var role: String
    public var permissions: [String]
    public init(agencyID: UUID, role: String, permissions: [String]) {
        self.agencyID = agencyID
        self.role = role
        self.permissions = permissions
    }
    enum CodingKeys: String, CodingKey {
        case agencyID = "agency_id"
        case role, permissions
    }
}
