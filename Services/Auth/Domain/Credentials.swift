import Contracts
import Foundation
import Postgres
import ServiceKit

/// An account with what it takes to sign in to it, and what its sessions carry.
struct Credentials: Sendable, RowDecodable {
    var user: User
    var passwordHash: String?
    var isLocked: Bool
    var memberships: [Membership]
    /// Whether moderators have restricted the account.
    var isRestricted: Bool

    /// Columns of `users`.
    static let columns: SQL = """
        \(User.columns), password_hash, is_restricted, COALESCE(locked_until > now(), false) AS is_locked, \
        (SELECT COALESCE(jsonb_agg(jsonb_build_object('agency_id', m.agency_id, 'role', m.role, 'permissions', m.permissions) ORDER BY m.id), '[]') \
        FROM agency_members m WHERE m.user_id = users.id AND m.status = 'active') AS memberships
        """

    init(row: Row) throws {
        user = try User(row: row)
        passwordHash = try row["password_hash"]
        isLocked = try row["is_locked"]
        memberships = try row.json("memberships")
        isRestricted = try row["is_restricted"]
    }

    /// Who a token says they are.
    func caller(in session: UUID, _ proof: SessionProof) -> Caller {
        Caller(
            userID: user.id, sessionID: session, role: user.role, agencies: memberships.map(\.claim), permissions: permissions,
            emailVerified: user.emailVerified, hasSecondFactor: user.mfaEnabled, secondFactorAt: proof.secondFactorAt)
    }

    /// What the cache holds of a session of this account.
    func snapshot(of session: UUID, _ proof: SessionProof, until expiry: Date) -> SessionSnapshot {
        SessionSnapshot(
            userID: user.id, sessionID: session, permissions: permissions, locale: user.locale, timezone: user.timezone,
            expiresAt: expiry, role: user.role.rawValue, memberships: memberships.map(\.snapshot), emailVerified: user.emailVerified,
            isRestricted: isRestricted, mfaEnabled: user.mfaEnabled, secondFactorAt: proof.secondFactorAt)
    }

    /// Extra permissions, each for one agency: `<agency id>:<permission>`.
    private var permissions: [String] {
        memberships.flatMap { member in member.permissions.map { Caller.extra($0, in: member.agencyID) } }
    }
}
