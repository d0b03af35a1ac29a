import Foundation
import Postgres
import ServiceKit

/// Agencies and who belongs to them.
struct AgencyStore: Sendable {
    let postgres: Postgres

    /// Founds an agency; its founder is its owner.
    func found(_ new: NewAgency, as caller: Caller) async throws -> Agency? {
        let id = UUID.v7()
        return try await postgres.transaction(as: caller) { tx in
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
            return try await tx.first("SELECT \(Agency.columns) FROM agencies WHERE id = \(id)")
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

    func members(of agency: UUID, after last: UUID?, limit: Int, as caller: Caller) async throws -> [AgencyMember] {
        let later: SQL = last.map { "AND id > \($0)" } ?? ""
        return try await postgres.all(
            as: caller,
            "SELECT \(AgencyMember.columns) FROM agency_members WHERE agency_id = \(agency) \(later) ORDER BY id LIMIT \(limit + 1)")
    }

    /// The caller's role in an agency as it is now, whatever their token says.
    func role(in agency: UUID, of user: UUID) async throws -> AgencyRole? {
        let found: FoundRole? = try await postgres.first(
            as: ServiceCaller(),
            "SELECT role FROM agency_members WHERE agency_id = \(agency) AND user_id = \(user) AND status = 'active'")
        return found?.role
    }

    /// Whom an id or an address names. Only somebody who manages an agency may ask.
    func user(_ id: UUID?, email: EmailAddress?) async throws -> UUID? {
        let condition: SQL = id.map { "id = \($0)" } ?? "email = \(email?.text)"
        let found: FoundID? = try await postgres.first(
            as: ServiceCaller(), "SELECT id FROM users WHERE \(condition) AND deleted_at IS NULL AND status = 'active'")
        return found?.id
    }

    /// Nil when they belong to it already.
    func add(_ user: UUID, to agency: UUID, role: AgencyRole, permissions: [String], as caller: Caller) async throws -> AgencyMember? {
        try await postgres.transaction(as: caller) { tx in
            try await tx.first(
                """
                INSERT INTO agency_members (id, user_id, agency_id, role, permissions)
                VALUES (\(UUID.v7()), \(user), \(agency), \(role), \(JSON(permissions)))
                ON CONFLICT (user_id, agency_id) DO NOTHING RETURNING \(AgencyMember.columns)
                """)
        }
    }

    private struct FoundID: RowDecodable {
        var id: UUID
        init(row: Row) throws { id = try row["id"] }
    }

    private struct FoundRole: RowDecodable {
        var role: AgencyRole
        init(row: Row) throws { role = try row["role"] }
    }
}
