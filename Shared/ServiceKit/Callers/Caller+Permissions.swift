import Foundation

extension Caller {
    /// Whether the caller may do it with what is their own, by their role on the platform, or in one of their agencies at least.
    public func may(_ permission: Permission) -> Bool {
        isInScope(permission)
            && (Permission.personal.contains(permission) || Permission.of(role).contains(permission)
                || agencies.contains { grants(permission, $0) })
    }

    /// Whether the caller may do it in this agency: as its member, or as an administrator of the platform.
    public func may(_ permission: Permission, in agencyID: UUID) -> Bool {
        guard isInScope(permission) else { return false }
        if role == .administrator { return true }
        guard let membership = agencies.first(where: { $0.agencyID == agencyID }) else { return false }
        return grants(permission, membership)
    }

    /// The caller's agencies in which they may do it as members.
    public func agencies(where permission: Permission) -> [UUID] {
        guard isInScope(permission) else { return [] }
        return agencies.filter { grants(permission, $0) }.map(\.agencyID)
    }

    /// A person may do whatever is theirs to do, unless moderators have restricted the account; an API key only what its scopes name.
    public func isInScope(_ permission: Permission) -> Bool { (scopes?.contains(permission) ?? true) && !isWithheld(permission) }

    func isWithheld(_ permission: Permission) -> Bool { isRestricted && Permission.withheldFromRestricted.contains(permission) }

    /// An entry of `permissions`: an extra permission in one agency.
    public static func extra(_ permission: String, in agencyID: UUID) -> String { "\(agencyID.uuidString.lowercased()):\(permission)" }

    private func grants(_ permission: Permission, _ membership: AgencyMembership) -> Bool {
        if Permission.of(membership.role).contains(permission) { return true }
        guard !permissions.isEmpty, Permission.extras.contains(permission) else { return false }
        return permissions.contains(Self.extra(permission.rawValue, in: membership.agencyID))
    }
}
