import Foundation

/// That someone belongs to an agency, and as what.
public struct AgencyMembership: Sendable, Hashable, Codable {
    public var agencyID: UUID
    public var role: AgencyRole

    public init(agencyID: UUID, role: AgencyRole) {
        self.agencyID = agencyID
        self.role = role
    }

    enum CodingKeys: String, CodingKey {
        case agencyID = "agency_id"
        case role
    }
}
