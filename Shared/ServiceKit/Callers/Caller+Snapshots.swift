import Contracts
import Foundation

extension Caller {
    /// Who a token says they are, and what their session says they may do.
    init(_ claims: AccessClaims, _ session: SessionSnapshot) {
        let caller = Caller(
            userID: claims.userID, sessionID: claims.sessionID, role: claims.role, agencies: claims.agencies, emailVerified: claims.emailVerified,
            secondFactorAt: claims.secondFactorAt.map { Date(timeIntervalSince1970: Double($0)) },
            tokenExpiresAt: Date(timeIntervalSince1970: Double(claims.expiresAt)))
        self = caller.following(session)
    }

    /// The holder of an API key: never with a role of the platform.
    init(_ key: APIKeySnapshot) {
        self.init(
            userID: key.userID, sessionID: key.keyID, agencies: Self.agencies(key.memberships), permissions: Self.extras(key.memberships),
            emailVerified: key.emailVerified, tokenExpiresAt: key.expiresAt,
            scopes: Set(key.scopes.compactMap(Permission.init(rawValue:))).intersection(Permission.scopes),
            isRestricted: key.isRestricted ?? false)
    }

    /// The same with the rights that the session has now; a token says those of its making.
    func following(_ session: SessionSnapshot) -> Caller {
        var caller = self
        caller.permissions = session.permissions
        if let role = session.role.flatMap(PlatformRole.init(rawValue:)) { caller.role = role }
        if let memberships = session.memberships { caller.agencies = Self.agencies(memberships) }
        if let emailVerified = session.emailVerified { caller.emailVerified = emailVerified }
        caller.isRestricted = session.isRestricted ?? false
        if let hasSecondFactor = session.mfaEnabled { caller.hasSecondFactor = hasSecondFactor }
        // A token made before the second factor was shown knows nothing of it; the session does.
        if let shown = session.secondFactorAt { caller.secondFactorAt = max(shown, caller.secondFactorAt ?? shown) }
        return caller
    }

    /// A role of a later version is left out: it gives nothing here.
    private static func agencies(_ memberships: [AgencyMembershipSnapshot]) -> [AgencyMembership] {
        memberships.compactMap { membership in
            AgencyRole(rawValue: membership.role).map { AgencyMembership(agencyID: membership.agencyID, role: $0) }
        }
    }

    private static func extras(_ memberships: [AgencyMembershipSnapshot]) -> [String] {
        memberships.flatMap { membership in membership.permissions.map { extra($0, in: membership.agencyID) } }
    }
}
