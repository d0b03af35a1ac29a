import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Agencies: their particulars, settings and subscriptions.
struct AgencyStore: Sendable {
    /// How many agencies one person may own.
    private static let mostOwned = 50

    let postgres: Postgres

    /// Founds an agency; its founder is its owner. Throws `APIError`: 409 when they own too many.
    func found(_ new: NewAgency, as caller: Caller) async throws -> Agency? {
        let id = UUID.v7()
        return try await postgres.transaction(as: caller) { tx in
            _ = try await tx.rows("SELECT id FROM users WHERE id = \(caller.userID) FOR NO KEY UPDATE")
            let owned: Int? = try await tx.value("SELECT count(*) FROM agency_members WHERE user_id = \(caller.userID) AND role = 'owner'")
            guard owned ?? 0 < Self.mostOwned else { throw APIError.tooManyAgencies(limit: Self.mostOwned) }
            // Only a member may read an agency, so there is nothing to return before there is one.
            _ = try await tx.batch([
                """
                INSERT INTO agencies (id, kind, name, license_number, address, phone, email, website)
                VALUES (
                    \(id), \(new.kind), \(new.name), \(new.licenseNumber), \(new.address.map(JSON.init)), \(new.phone), \(new.email?.text),
                    \(new.website))
                """,
                "INSERT INTO agency_members (id, user_id, agency_id, role) VALUES (\(UUID.v7()), \(caller.userID), \(id), 'owner')",
            ])
            let agency: Agency? = try await tx.first("SELECT \(Agency.columns) FROM agencies WHERE id = \(id)")
            guard let agency else { return nil }
            let founder = MembershipState(role: AgencyRole.owner.rawValue, permissions: [], status: AgencyMember.Status.active.rawValue)
            try await tx.publish([
                AgencyFounded(agency: agency.snapshot),
                MembershipChanged(agencyID: id, userID: caller.userID, change: "joined", membership: founder, before: nil),
            ])
            return agency
        }
    }

    func agency(_ id: UUID, as caller: Caller) async throws -> Agency? {
        try await postgres.first(as: caller, "SELECT \(Agency.columns) FROM agencies WHERE id = \(id)")
    }

    /// The agencies the caller belongs to, the newest membership first.
    func list(after last: UUID?, limit: Int, as caller: Caller) async throws -> [OwnAgency] {
        let older: SQL = last.map { "AND m.id < \($0)" } ?? ""
        return try await postgres.all(
            as: caller,
            """
            SELECT \(Agency.columns), m.id AS membership_id, m.role AS own_role
            FROM agency_members m JOIN agencies ON agencies.id = m.agency_id
            WHERE m.user_id = \(caller.userID) AND m.status = 'active' \(older)
            ORDER BY m.id DESC LIMIT \(limit + 1)
            """)
    }

    /// Nil when there is none that the caller may change, or none in that version (in any, when none is named). Branding takes a subscription that has it.
    func change(_ id: UUID, _ change: AgencyChange, version: Int64?, as caller: Caller) async throws -> Agency? {
        let sets = change.assignments
        return try await postgres.transaction(as: caller) { tx in
            if change.branding != nil, try await Self.allowance(of: id, tx)?.features.contains("branding") != true {
                throw APIError(.conflict, "subscription-limit", "The agency's subscription does not have branding.")
            }
            return try await Self.update(id, sets, version: version, tx)
        }
    }

    func changeSubscription(_ id: UUID, _ change: SubscriptionChange, version: Int64?, as caller: Caller) async throws -> Agency? {
        let sets = change.assignments
        return try await postgres.transaction(as: caller) { tx in try await Self.update(id, sets, version: version, tx) }
    }

    /// Deletes an agency with its members, teams, invitations and API keys; the other services hear of it, and delete what they hold. False when there is none
    /// that the caller owns; throws 422 when it has another name than the caller believes.
    func delete(_ id: UUID, named name: String, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await Self.lock(id, tx)
            let agency: Agency? = try await tx.first(
                """
                SELECT \(Agency.columns) FROM agencies WHERE id = \(id) AND kind <> 'system' AND (\(caller.role == .administrator) OR EXISTS (
                    SELECT FROM agency_members m
                    WHERE m.agency_id = agencies.id AND m.user_id = \(caller.userID) AND m.role = 'owner' AND m.status = 'active'))
                FOR UPDATE
                """)
            guard let agency else { return false }
            guard agency.name == name else { throw APIError.invalid([FieldError("/name", "mismatch", "must be the name of the agency")]) }
            try await APIKeyStore.revoke("agency_id = \(id)", because: "agency_deleted", tx)
            let members: [AgencyMember] = try await tx.all("SELECT \(AgencyMember.columns) FROM agency_members WHERE agency_id = \(id)")
            try await tx.execute("DELETE FROM agencies WHERE id = \(id)")
            try await tx.publish(
                members.map { MembershipChanged(agencyID: id, userID: $0.userID, change: "removed", membership: nil, before: $0.state) })
            try await tx.publish(AgencyDeleted(agencyID: id, version: agency.version + 1))
            return true
        }
    }

    /// What the cache holds. It is authorised by whoever asks for it.
    func settings(of id: UUID) async throws -> AgencySettings? {
        try await postgres.first(
            as: ServiceCaller(),
            """
            SELECT agencies.id, branding_config, settings, version, subscription_tier, subscription_status, subscription_expires_at,
                \(Allowance.columns)
            FROM agencies \(Allowance.join) WHERE agencies.id = \(id)
            """)
    }

    /// What an agency's subscription allows now.
    static func allowance(of agency: UUID, _ tx: Transaction) async throws -> Allowance? {
        try await tx.first("SELECT \(Allowance.columns) FROM agencies \(Allowance.join) WHERE agencies.id = \(agency)")
    }

    /// One at a time per agency for whatever counts or compares its members; held until the transaction ends.
    static func lock(_ agency: UUID, _ tx: Transaction) async throws {
        _ = try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\("agency " + agency.uuidString.lowercased()), 0))")
    }

    private static func update(_ id: UUID, _ sets: [Assignment], version: Int64?, _ tx: Transaction) async throws -> Agency? {
        guard !sets.isEmpty else {
            let known: Agency? = try await tx.first("SELECT \(Agency.columns) FROM agencies WHERE id = \(id)")
            return version == nil || known?.version == version ? known : nil
        }
        let known: Agency? = try await tx.first("SELECT \(Agency.columns) FROM agencies WHERE id = \(id) FOR NO KEY UPDATE")
        let agency: Agency? = try await tx.first(
            """
            UPDATE agencies SET \(SQL.joined(sets.map(\.sql))) WHERE id = \(id) AND version = COALESCE(\(version), version)
            RETURNING \(Agency.columns)
            """)
        if let agency { try await tx.publish(AgencyUpdated(agency: agency.snapshot, before: known?.snapshot, changedFields: sets.map(\.column))) }
        return agency
    }
}
