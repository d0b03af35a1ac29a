import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Invitations into agencies. Nothing here tells whoever invites whether an address has an account: the mail does, to whoever reads it.
struct InvitationStore: Sendable {
    let postgres: Postgres
    let mail: AccountMail
    /// However many agencies and people invite it, an address gets no flood of mails.
    let limits: EndpointLimits

    func list(of agency: UUID, after last: UUID?, limit: Int, as caller: Caller) async throws -> [Invitation] {
        let older: SQL = last.map { "AND id < \($0)" } ?? ""
        return try await postgres.all(
            as: caller,
            "SELECT \(Invitation.columns) FROM agency_invitations WHERE agency_id = \(agency) \(older) ORDER BY id DESC LIMIT \(limit + 1)")
    }

    /// Throws `APIError`: 409 when that address is invited already, or the subscription allows no more members.
    func invite(_ new: NewInvitation, to agency: UUID, as caller: Caller) async throws -> Invitation {
        try await limits.expect("invitations", account: new.email.text)
        let addressee = try await addressee(new.email, invitedBy: caller)
        let token = OpaqueToken.random()
        return try await postgres.transaction(as: caller) { tx in
            try await AgencyStore.lock(agency, tx)
            try await Self.close("agency_id = \(agency) AND email = \(new.email.text) AND expires_at <= now()", tx)
            try await Self.expectRoom(in: agency, beside: "email <> \(new.email.text)", tx)
            let invitation: Invitation? = try await tx.first(
                """
                INSERT INTO agency_invitations (id, agency_id, email, role, permissions, token_hash, invited_by, expires_at)
                VALUES (
                    \(UUID.v7()), \(agency), \(new.email.text), \(new.role), \(JSON(new.grant.permissions)), \(token.hash), \(caller.userID),
                    now() + \(seconds: Lifetimes.invitation))
                ON CONFLICT (agency_id, email) WHERE status = 'pending' DO NOTHING RETURNING \(Invitation.columns)
                """)
            guard let invitation else { throw APIError.conflict("already-invited", "This address is invited already.") }
            try await send(invitation, token, to: addressee, tx)
            return invitation
        }
    }

    /// The same invitation once more with a new link; the old one is void. Nil when there is none that is pending.
    func resend(_ id: UUID, of agency: UUID, as caller: Caller) async throws -> Invitation? {
        let known: Invitation? = try await postgres.first(
            as: caller, "SELECT \(Invitation.columns) FROM agency_invitations WHERE id = \(id) AND agency_id = \(agency) AND status = 'pending'")
        guard let known else { return nil }
        guard Grant(role: known.role, permissions: known.permissions).isWithin(caller, agency) else { throw APIError.forbidden }
        try await limits.expect("invitations", account: known.email)
        let addressee = try await addressee(EmailAddress(known.email), invitedBy: caller)
        let token = OpaqueToken.random()
        return try await postgres.transaction(as: caller) { tx in
            let invitation: Invitation? = try await tx.first(
                """
                UPDATE agency_invitations SET
                    token_hash = \(token.hash), expires_at = now() + \(seconds: Lifetimes.invitation), sent_at = now(), sent_count = sent_count + 1
                WHERE id = \(id) AND status = 'pending' AND sent_at < now() - \(seconds: Lifetimes.mailPause) AND sent_count < 10
                RETURNING \(Invitation.columns)
                """)
            guard let invitation else {
                throw APIError.conflict("sent-already", "It was sent a moment ago, or ten times: wait, or invite anew.")
            }
            try await send(invitation, token, to: addressee, tx)
            return invitation
        }
    }

    /// False when there is none that is pending.
    func revoke(_ id: UUID, of agency: UUID, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            try await Self.close("id = \(id) AND agency_id = \(agency)", tx) > 0
        }
    }

    /// Takes back what somebody has sent who may not invite any more.
    static func revoke(of user: UUID, in agency: UUID, _ tx: Transaction) async throws {
        try await close("invited_by = \(user) AND agency_id = \(agency)", tx)
    }

    @discardableResult
    private static func close(_ condition: SQL, _ tx: Transaction) async throws -> Int {
        let closed: [Invitation] = try await tx.all(
            """
            UPDATE agency_invitations SET status = 'revoked', token_hash = NULL, answered_at = now()
            WHERE status = 'pending' AND \(condition) RETURNING \(Invitation.columns)
            """)
        try await tx.publish(closed.map { InvitationAnswered(invitationID: $0.id, agencyID: $0.agencyID, answer: "revoked", userID: nil) })
        return closed.count
    }

    /// Members and those who are asked to become one.
    private static func expectRoom(in agency: UUID, beside: SQL, _ tx: Transaction) async throws {
        guard let limit = try await AgencyStore.allowance(of: agency, tx)?.maxMembers else { return }
        let taken: Int? = try await tx.value(
            """
            SELECT (SELECT count(*) FROM agency_members WHERE agency_id = \(agency)) + (
                SELECT count(*) FROM agency_invitations WHERE agency_id = \(agency) AND status = 'pending' AND expires_at > now() AND \(beside))
            """)
        if taken ?? 0 >= limit { throw APIError.beyondSubscription("members and invitations", limit: limit) }
    }

    private func send(_ invitation: Invitation, _ token: OpaqueToken, to addressee: Addressee, _ tx: Transaction) async throws {
        let names: [Name] = try await tx.all("SELECT name FROM agencies WHERE id = \(invitation.agencyID)")
        try await tx.send(mail.invitation(invitation, to: addressee, agency: names.first?.text ?? "", token))
        try await tx.publish(
            InvitationSent(
                invitationID: invitation.id, agencyID: invitation.agencyID, role: invitation.role.rawValue, permissions: invitation.permissions))
    }

    /// Who reads that address, if anybody here; asked as the service, as it is nobody else's business.
    private func addressee(_ email: EmailAddress, invitedBy caller: Caller) async throws -> Addressee {
        let rows: [Addressee] = try await postgres.all(
            as: ServiceCaller(),
            """
            SELECT known.id AS user_id, known.first_name, COALESCE(known.locale, inviter.locale) AS locale, \(email.text) AS email,
                COALESCE(inviter.full_name, inviter.first_name) AS inviter
            FROM users inviter LEFT JOIN users known ON known.email = \(email.text) AND known.deleted_at IS NULL
            WHERE inviter.id = \(caller.userID)
            """)
        guard let addressee = rows.first else { throw APIError.forbidden }
        return addressee
    }

    private struct Name: RowDecodable {
        var text: String
        init(row: Row) throws { text = try row["name"] }
    }
}
