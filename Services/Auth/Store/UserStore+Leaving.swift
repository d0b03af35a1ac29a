import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Going for a while, and going for good.
extension UserStore {
    /// The account rests until its owner signs in again: it can do nothing, and nobody is signed in to it. Returns the sessions that ended.
    func deactivate(_ id: UUID) async throws -> [UUID] {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let user: User? = try await tx.first(
                """
                UPDATE users SET status = 'inactive', deactivated_at = now()
                WHERE id = \(id) AND deleted_at IS NULL AND status IN ('active', 'pending_verification') RETURNING \(User.columns)
                """)
            guard let user else { return [] }
            let ended = try await SessionStore.end("user_id = \(id)", because: .revoked, tx)
            try await tx.publish(UserUpdated(user: user.snapshot))
            try await tx.publish(AccountChanged(userID: id, change: "deactivated", before: nil, after: nil, reason: nil))
            return ended
        }
    }

    /// Wakes an account that its owner had put to rest, when they begin a session again.
    static func wake(_ id: UUID, _ tx: Transaction) async throws -> User? {
        let user: User? = try await tx.first(
            """
            UPDATE users SET status = 'active', deactivated_at = NULL WHERE id = \(id) AND status = 'inactive' AND deactivated_at IS NOT NULL
            RETURNING \(User.columns)
            """)
        guard let user else { return nil }
        try await tx.publish(UserUpdated(user: user.snapshot))
        try await tx.publish(AccountChanged(userID: id, change: "reactivated", before: nil, after: nil, reason: nil))
        return user
    }

    /// Takes leave of an account: it is closed and everything personal goes at once, every other service forgets the person by event and sends a receipt,
    /// and whoever holds the token may follow that. The row stays as a gravestone without a name. Nil when there is no such account any more.
    func delete(_ id: UUID, _ token: OpaqueToken) async throws -> (erasure: UUID, ended: [UUID])? {
        let desk = PersonalDataDesk(AuthPersonalData(avatars: AvatarStore(postgres: postgres)), postgres: postgres)
        return try await postgres.transaction(as: ServiceCaller()) { tx in
            let version: Int64? = try await tx.value(
                "UPDATE users SET status = 'deleted', deleted_at = now() WHERE id = \(id) AND deleted_at IS NULL RETURNING version")
            guard let version else { return nil }
            let ended = try await SessionStore.end("user_id = \(id)", because: .userDeleted, tx)
            try await APIKeyStore.revoke("user_id = \(id)", because: "user_deleted", tx)
            let erasure = try await ErasureStore.open(of: id, token, tx)
            let tables = try await desk.erase(id, version: version, in: tx)
            try await ErasureStore.record(of: id, by: .auth, tables, tx)
            // The version after the last change: nothing that is still on its way is newer.
            let last: Int64? = try await tx.value("SELECT version FROM users WHERE id = \(id)")
            try await tx.publish(UserDeleted(userID: id, version: last ?? version))
            return (erasure, ended)
        }
    }

    /// Agencies with no other member go along; throws when one would stay without an owner.
    static func leaveAgencies(_ id: UUID, _ tx: Transaction) async throws {
        let own: [Agency] = try await tx.all(
            """
            DELETE FROM agencies WHERE agencies.id IN (
                SELECT m.agency_id FROM agency_members m WHERE m.user_id = \(id)
                    AND NOT EXISTS (SELECT FROM agency_members o WHERE o.agency_id = m.agency_id AND o.user_id <> \(id)))
            RETURNING \(Agency.columns)
            """)
        try await tx.publish(own.map { AgencyDeleted(agencyID: $0.id, version: $0.version + 1) })
        let left: [AgencyMember] = try await tx.all("DELETE FROM agency_members WHERE user_id = \(id) RETURNING \(AgencyMember.columns)")
        try await tx.publish(
            left.map { MembershipChanged(agencyID: $0.agencyID, userID: id, change: "left", membership: nil, before: $0.state) })
    }
}
