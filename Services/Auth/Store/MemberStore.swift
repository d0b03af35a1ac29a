import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Who belongs to an agency, and as what.
struct MemberStore: Sendable {
    let postgres: Postgres

    func list(of agency: UUID, after last: UUID?, limit: Int, as caller: Caller) async throws -> [AgencyMember] {
        let later: SQL = last.map { "AND id > \($0)" } ?? ""
        return try await postgres.all(
            as: caller,
            "SELECT \(AgencyMember.columns) FROM agency_members WHERE agency_id = \(agency) \(later) ORDER BY id LIMIT \(limit + 1)")
    }

    func find(_ user: UUID, in agency: UUID, as caller: Caller) async throws -> AgencyMember? {
        try await postgres.first(
            as: caller, "SELECT \(AgencyMember.columns) FROM agency_members WHERE agency_id = \(agency) AND user_id = \(user)")
    }

    /// Throws `APIError`: 403 for what is beyond the caller, 409 for the last owner. Nil when they do not belong to it.
    func change(_ user: UUID, in agency: UUID, _ change: MemberChange, as caller: Caller) async throws -> AgencyMember? {
        try await keepingAnOwner(as: caller) { tx in
            try await AgencyStore.lock(agency, tx)
            guard let before = try await Self.member(user, agency, tx) else { return nil }
            let grant = change.applied(to: before)
            guard before.grant.isWithin(caller, agency), grant.isWithin(caller, agency) else { throw APIError.forbidden }
            let status = change.status ?? before.status
            guard grant.role != before.role || grant.permissions != before.permissions || status != before.status else { return before }
            if status != .active || !grant.allows.contains(.membersManage) { try await InvitationStore.revoke(of: user, in: agency, tx) }
            return try await Self.update(before, to: grant, status: status, tx)
        }
    }

    /// False when they do not belong to it. Everybody may leave; else as `change`.
    func remove(_ user: UUID, from agency: UUID, as caller: Caller) async throws -> Bool {
        try await keepingAnOwner(as: caller) { tx in
            try await AgencyStore.lock(agency, tx)
            guard let before = try await Self.member(user, agency, tx) else { return false }
            guard user == caller.userID || before.grant.isWithin(caller, agency) else { throw APIError.forbidden }
            try await APIKeyStore.revoke("user_id = \(user) AND agency_id = \(agency)", because: "membership_ended", tx)
            try await InvitationStore.revoke(of: user, in: agency, tx)
            try await tx.execute("DELETE FROM agency_members WHERE id = \(before.id)")
            try await tx.publish(
                MembershipChanged(
                    agencyID: agency, userID: user, change: user == caller.userID ? "left" : "removed", membership: nil, before: before.state))
            return true
        }
    }

    /// Makes another member the owner, and the owner who asks an admin. False when the other is no active member.
    func handOver(_ agency: UUID, to user: UUID, as caller: Caller) async throws -> Bool {
        try await keepingAnOwner(as: caller) { tx in
            try await AgencyStore.lock(agency, tx)
            guard let next = try await Self.member(user, agency, tx), next.status == .active else { return false }
            _ = try await Self.update(next, to: Grant(role: .owner, permissions: []), status: .active, tx)
            if let own = try await Self.member(caller.userID, agency, tx), own.role == .owner {
                _ = try await Self.update(own, to: Grant(role: .admin, permissions: []), status: .active, tx)
            }
            return true
        }
    }

    private func keepingAnOwner<Result: Sendable>(
        as caller: Caller, _ body: @Sendable @escaping (Transaction) async throws -> Result
    ) async throws -> Result {
        do {
            return try await postgres.transaction(as: caller, body)
        } catch let error as PostgresError where error.constraint == "agency_members_owner" {
            throw APIError.lastOwner
        }
    }

    private static func member(_ user: UUID, _ agency: UUID, _ tx: Transaction) async throws -> AgencyMember? {
        try await tx.first("SELECT \(AgencyMember.columns) FROM agency_members WHERE agency_id = \(agency) AND user_id = \(user)")
    }

    private static func update(
        _ before: AgencyMember, to grant: Grant, status: AgencyMember.Status, _ tx: Transaction
    ) async throws -> AgencyMember {
        let member: AgencyMember? = try await tx.first(
            """
            UPDATE agency_members SET role = \(grant.role), permissions = \(JSON(grant.permissions)), status = \(status)
            WHERE id = \(before.id) RETURNING \(AgencyMember.columns)
            """)
        // The database sees it otherwise: the caller's rights have changed a moment ago.
        guard let member else { throw APIError.forbidden }
        try await tx.publish(
            MembershipChanged(
                agencyID: before.agencyID, userID: before.userID, change: "changed", membership: member.state, before: before.state))
        return member
    }
}
