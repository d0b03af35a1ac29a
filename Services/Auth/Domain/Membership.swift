import Contracts
import Foundation
import ServiceKit

/// An agency that an account acts for, as it goes into tokens and cached sessions.
struct Membership: Codable, Sendable, Hashable {
    var agencyID: UUID
    var role: AgencyRole
    var permissions: [String]

    enum CodingKeys: String, CodingKey {
        case role, permissions
        case agencyID = "agency_id"
    }

    var snapshot: AgencyMembershipSnapshot { AgencyMembershipSnapshot(agencyID: agencyID, role: role.rawValue, permissions: permissions) }
    var claim: AgencyMembership { AgencyMembership(agencyID: agencyID, role: role) }
}
