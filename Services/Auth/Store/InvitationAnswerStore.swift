import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Answers to invitations, by the token of the mail. It is good once: whoever comes second finds it used.
struct InvitationAnswerStore: Sendable {
    let postgres: Postgres

    /// Whoever answers: somebody who has signed in, or whoever reads the mailbox of the address.
    enum Invitee: Sendable {
        case user(UUID)
        case holder
    }

    /// The user and the agency they belong to now. Throws `APIError`: 422 for a token that is no good, 403 when it is another's, 409 when they belong to
    /// it already or the subscription allows no more, 404 when nobody has an account with the address.
    func accept(_ token: OpaqueToken, by invitee: Invitee) async throws -> AgencyMember {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            guard let open = try await Self.pending(token, tx) else { throw APIError.uselessToken }
            try await AgencyStore.lock(open.agencyID, tx)
            let user = try await Self.invitee(invitee, of: open, tx)
            try await Self.answer(token, "accepted", user: user.id, tx)
            try await Self.expectRoom(in: open.agencyID, tx)
            let member: AgencyMember? = try await tx.first(
                """
                INSERT INTO agency_members (id, user_id, agency_id, role, permissions)
                VALUES (\(UUID.v7()), \(user.id), \(open.agencyID), \(open.role), \(JSON(open.permissions)))
                ON CONFLICT (user_id, agency_id) DO UPDATE SET
                    role = excluded.role, permissions = excluded.permissions, status = 'active', joined_at = now()
                    WHERE agency_members.status = 'pending'
                RETURNING \(AgencyMember.columns)
                """)
            guard let member else { throw APIError.alreadyMember }
            try await tx.publish(
                MembershipChanged(agencyID: open.agencyID, userID: user.id, change: "joined", membership: member.state, before: nil))
            try await Self.verify(user, tx)
            return member
        }
    }

    /// False when the token is no good.
    func decline(_ token: OpaqueToken) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            guard let open = try await Self.pending(token, tx) else { return false }
            try await AgencyStore.lock(open.agencyID, tx)
            try await Self.answer(token, "declined", user: nil, tx)
            return true
        }
    }

    /// What the page of the link shows; nil when the token is no good.
    func agencyName(of token: OpaqueToken) async throws -> String? {
        let rows = try await postgres.batch(
            as: ServiceCaller(),
            [
                """
                SELECT a.name FROM agency_invitations i JOIN agencies a ON a.id = i.agency_id
                WHERE i.token_hash = \(token.hash) AND i.status = 'pending' AND i.expires_at > now()
                """
            ])
        return try rows[0].first.map { try $0["name"] }
    }

    /// Read without a lock: the agency's comes first, here as everywhere.
    private static func pending(_ token: OpaqueToken, _ tx: Transaction) async throws -> Invitation? {
        try await tx.first(
            "SELECT \(Invitation.columns) FROM agency_invitations WHERE token_hash = \(token.hash) AND status = 'pending' AND expires_at > now()")
    }

    private static func answer(_ token: OpaqueToken, _ answer: String, user: UUID?, _ tx: Transaction) async throws {
        let invitation: Invitation? = try await tx.first(
            """
            UPDATE agency_invitations SET status = \(answer), token_hash = NULL, answered_at = now()
            WHERE token_hash = \(token.hash) AND status = 'pending' AND expires_at > now() RETURNING \(Invitation.columns)
            """)
        guard let invitation else { throw APIError.uselessToken }
        try await tx.publish(
            InvitationAnswered(invitationID: invitation.id, agencyID: invitation.agencyID, answer: answer, userID: user))
    }

    private static func invitee(_ invitee: Invitee, of open: Invitation, _ tx: Transaction) async throws -> User {
        let condition: SQL
        switch invitee {
        case .user(let id): condition = "id = \(id)"
        case .holder: condition = "email = \(open.email)"
        }
        let user: User? = try await tx.first(
            "SELECT \(User.columns) FROM users WHERE \(condition) AND deleted_at IS NULL AND status IN ('active', 'pending_verification') FOR UPDATE")
        guard let user else { throw APIError.notFound("account") }
        guard user.email == open.email else { throw APIError.otherInvitee }
        return user
    }

    private static func expectRoom(in agency: UUID, _ tx: Transaction) async throws {
        guard let limit = try await AgencyStore.allowance(of: agency, tx)?.maxMembers else { return }
        let members: Int? = try await tx.value("SELECT count(*) FROM agency_members WHERE agency_id = \(agency)")
        if members ?? 0 >= limit { throw APIError.beyondSubscription("members", limit: limit) }
    }

    /// Whoever has the token reads that mailbox.
    private static func verify(_ user: User, _ tx: Transaction) async throws {
        guard !user.emailVerified else { return }
        let verified: User? = try await tx.first(
            """
            UPDATE users SET
                email_verified = true, status = CASE status WHEN 'pending_verification' THEN 'active' ELSE status END,
                email_verification_token_hash = NULL, email_verification_expires = NULL
            WHERE id = \(user.id) RETURNING \(User.columns)
            """)
        if let verified { try await tx.publish(UserUpdated(user: verified.snapshot)) }
    }
}
