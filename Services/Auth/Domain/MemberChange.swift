import ServiceKit

/// What is to change of a member: a merge patch.
struct MemberChange: Decodable, Sendable, Validated {
    var role: AgencyRole?
    var permissions: [Permission]?
    /// `active` or `inactive`: whoever is inactive belongs to the agency and may do nothing in it.
    var status: AgencyMember.Status?

    func validate(_ check: inout Validation) {
        check.extras(permissions, "/permissions")
        check(status != .pending, "/status", "unknown_value", "must be one of: active, inactive")
    }

    func applied(to member: AgencyMember) -> Grant {
        Grant(role: role ?? member.role, permissions: permissions?.map(\.rawValue) ?? member.permissions)
    }
}
