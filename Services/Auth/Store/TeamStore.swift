import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Teams and who is in them.
struct TeamStore: Sendable {
    let postgres: Postgres

    func list(of agency: UUID, after last: UUID?, limit: Int, as caller: Caller) async throws -> [Team] {
        let later: SQL = last.map { "AND id > \($0)" } ?? ""
        return try await postgres.all(
            as: caller, "SELECT \(Team.columns) FROM teams WHERE agency_id = \(agency) \(later) ORDER BY id LIMIT \(limit + 1)")
    }

    func find(_ id: UUID, of agency: UUID, as caller: Caller) async throws -> Team? {
        try await postgres.first(as: caller, "SELECT \(Team.columns) FROM teams WHERE id = \(id) AND agency_id = \(agency)")
    }

    /// Throws `APIError`: 409 when the subscription allows no more.
    func create(_ new: TeamChange, name: String, in agency: UUID, as caller: Caller) async throws -> Team {
        let id = UUID.v7()
        return try await postgres.transaction(as: caller) { tx in
            try await AgencyStore.lock(agency, tx)
            if let limit = try await AgencyStore.allowance(of: agency, tx)?.maxTeams {
                let teams: Int? = try await tx.value("SELECT count(*) FROM teams WHERE agency_id = \(agency)")
                if teams ?? 0 >= limit { throw APIError.beyondSubscription("teams", limit: limit) }
            }
            let made: Team? = try await tx.first(
                """
                INSERT INTO teams (id, agency_id, name, description, settings)
                VALUES (\(id), \(agency), \(name), \(new.description.value), \(JSON(new.settings ?? [:]))) RETURNING \(Team.columns)
                """)
            guard var team = made else { throw APIError.forbidden }
            if let lead = new.leadUserID.value { team = try await Self.lead(team, lead, tx) ?? team }
            try await tx.publish(team.changed("created"))
            return team
        }
    }

    /// Nil when there is none in that version (in any, when none is named).
    func change(_ id: UUID, of agency: UUID, _ change: TeamChange, version: Int64?, as caller: Caller) async throws -> Team? {
        let sets = [
            change.name.map { Assignment("name", $0) }, Assignment("description", change.description) { $0 },
            change.settings.map { Assignment("settings", JSON($0)) },
        ].compactMap { $0?.sql }
        return try await postgres.transaction(as: caller) { tx in
            try await AgencyStore.lock(agency, tx)
            guard var team = try await Self.team(id, agency, tx), version == nil || team.version == version else { return nil }
            if !sets.isEmpty {
                guard let changed: Team = try await tx.first("UPDATE teams SET \(SQL.joined(sets)) WHERE id = \(id) RETURNING \(Team.columns)")
                else { return nil }
                team = changed
            }
            switch change.leadUserID {
            case .absent: break
            case .clear: team = try await Self.lead(team, nil, tx) ?? team
            case .set(let lead): team = try await Self.lead(team, lead, tx) ?? team
            }
            try await tx.publish(team.changed("updated"))
            return team
        }
    }

    func delete(_ id: UUID, of agency: UUID, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            let team: Team? = try await tx.first("DELETE FROM teams WHERE id = \(id) AND agency_id = \(agency) RETURNING \(Team.columns)")
            if let team { try await tx.publish(team.changed("deleted")) }
            return team != nil
        }
    }

    func members(of id: UUID, after last: UUID?, limit: Int, as caller: Caller) async throws -> [TeamMember] {
        let later: SQL = last.map { "AND id > \($0)" } ?? ""
        return try await postgres.all(
            as: caller, "SELECT \(TeamMember.columns) FROM team_members WHERE team_id = \(id) \(later) ORDER BY id LIMIT \(limit + 1)")
    }

    /// Whether the caller leads the team, by the row as it is now.
    func isLead(of id: UUID, as caller: Caller) async throws -> Bool {
        let rows = try await postgres.batch(
            as: caller, ["SELECT 1 AS one FROM team_members WHERE team_id = \(id) AND user_id = \(caller.userID) AND role = 'lead'"])
        return !rows[0].isEmpty
    }

    /// Adds a member of the agency, or changes what they are in the team. Throws when they do not belong to the agency (`team_members` refers to its members).
    func put(_ user: UUID, _ role: TeamMember.Role, in id: UUID, of agency: UUID, as caller: Caller) async throws -> TeamMember? {
        try await postgres.transaction(as: caller) { tx in
            try await AgencyStore.lock(agency, tx)
            guard var team = try await Self.team(id, agency, tx) else { return nil }
            if role == .lead {
                team = try await Self.lead(team, user, tx) ?? team
            } else {
                if team.leadUserID == user { team = try await Self.lead(team, nil, tx) ?? team }
                try await Self.add(user, to: team, tx)
            }
            try await tx.publish(team.changed("member_added", user))
            return try await tx.first("SELECT \(TeamMember.columns) FROM team_members WHERE team_id = \(id) AND user_id = \(user)")
        }
    }

    func remove(_ user: UUID, from id: UUID, of agency: UUID, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            try await AgencyStore.lock(agency, tx)
            guard var team = try await Self.team(id, agency, tx) else { return false }
            if team.leadUserID == user { team = try await Self.lead(team, nil, tx) ?? team }
            let removed = try await tx.execute("DELETE FROM team_members WHERE team_id = \(id) AND agency_id = \(agency) AND user_id = \(user)")
            if removed > 0 { try await tx.publish(team.changed("member_removed", user)) }
            return removed > 0
        }
    }

    private static func team(_ id: UUID, _ agency: UUID, _ tx: Transaction) async throws -> Team? {
        try await tx.first("SELECT \(Team.columns) FROM teams WHERE id = \(id) AND agency_id = \(agency)")
    }

    private static func add(_ user: UUID, to team: Team, _ tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO team_members (id, team_id, agency_id, user_id) VALUES (\(UUID.v7()), \(team.id), \(team.agencyID), \(user))
            ON CONFLICT (team_id, user_id) DO NOTHING
            """)
    }

    /// One lead at most: who led before is a member like the others.
    private static func lead(_ team: Team, _ user: UUID?, _ tx: Transaction) async throws -> Team? {
        if let user { try await add(user, to: team, tx) }
        try await tx.execute("UPDATE team_members SET role = 'member' WHERE team_id = \(team.id) AND role = 'lead'")
        if let user { try await tx.execute("UPDATE team_members SET role = 'lead' WHERE team_id = \(team.id) AND user_id = \(user)") }
        let led: Team? = try await tx.first("UPDATE teams SET lead_user_id = \(user) WHERE id = \(team.id) RETURNING \(Team.columns)")
        // A lead may choose members, and not the next lead.
        guard let led else { throw APIError.forbidden }
        return led
    }
}

extension Team {
    fileprivate func changed(_ change: String, _ user: UUID? = nil) -> TeamChanged {
        TeamChanged(teamID: id, agencyID: agencyID, change: change, userID: user, leadUserID: leadUserID)
    }
}
