import ServiceKit

/// Whom an agency asks to join it, and as what.
struct NewInvitation: Decodable, Sendable, Validated {
    var email: EmailAddress
    var role: AgencyRole
    var permissions: [Permission]?

    var grant: Grant { Grant(role: role, permissions: (permissions ?? []).map(\.rawValue)) }

    func validate(_ check: inout Validation) {
        check.email(email, "/email")
        check.extras(permissions, "/permissions")
    }
}
