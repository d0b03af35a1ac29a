import Foundation
import Hummingbird
import Postgres
import ServiceKit

/// Teams inside an agency. A lead chooses the team's other members.
struct TeamRoutes: Sendable {
    let teams: TeamStore

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/agencies/{id}/teams", use: list)
        router.post("/v1/agencies/{id}/teams", use: create)
        router.get("/v1/agencies/{id}/teams/{team_id}", use: show)
        router.patch("/v1/agencies/{id}/teams/{team_id}", use: change)
        router.delete("/v1/agencies/{id}/teams/{team_id}", use: delete)
        router.get("/v1/agencies/{id}/teams/{team_id}/members", use: members)
        router.put("/v1/agencies/{id}/teams/{team_id}/members/{user_id}", use: put)
        router.delete("/v1/agencies/{id}/teams/{team_id}/members/{user_id}", use: remove)
    }

    struct MemberBody: Decodable {
        var role: TeamMember.Role
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<Team> {
        let id = try context.parameters.id()
        let caller = try context.require(.teamsRead, in: id)
        let page = try PageRequest<UUID>(request)
        let rows = try await teams.list(of: id, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    @Sendable func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.id()
        let caller = try context.require(.teamsManage, in: id)
        let body = try await request.decode(as: TeamChange.self, context: context)
        guard let name = body.name else { throw APIError.invalid([FieldError("/name", "required", "is required")]) }
        let team = try await named { try await teams.create(body, name: name, in: id, as: caller) }
        return try .json(
            team, status: .created, request: request,
            headers: [.location: "/v1/agencies/\(id.uuidString.lowercased())/teams/\(team.id.uuidString.lowercased())"])
    }

    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.id()
        let caller = try context.require(.teamsRead, in: id)
        return try .json(try await team(id, context, caller), request: request)
    }

    @Sendable func change(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.id()
        let caller = try context.require(.teamsManage, in: id)
        let version = try request.ifMatch()
        let teamID = try context.parameters.id("team_id")
        let body = try await request.decode(as: TeamChange.self, context: context)
        guard let team = try await named({ try await teams.change(teamID, of: id, body, version: version, as: caller) }) else {
            throw version == nil ? APIError.notFound("team") : APIError.versionMismatch
        }
        return try .json(team, request: request)
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let id = try context.parameters.id()
        let caller = try context.require(.teamsManage, in: id)
        guard try await teams.delete(context.parameters.id("team_id"), of: id, as: caller) else { throw APIError.notFound("team") }
        return .noContent
    }

    @Sendable func members(_ request: Request, _ context: APIContext) async throws -> Page<TeamMember> {
        let id = try context.parameters.id()
        let caller = try context.require(.teamsRead, in: id)
        let page = try PageRequest<UUID>(request)
        let rows = try await teams.members(of: team(id, context, caller).id, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    @Sendable func put(_ request: Request, _ context: APIContext) async throws -> Response {
        let (id, teamID, caller) = try await manager(context)
        let user = try context.parameters.id("user_id")
        let body = try await request.decode(as: MemberBody.self, context: context)
        let member: TeamMember?
        do {
            member = try await teams.put(user, body.role, in: teamID, of: id, as: caller)
        } catch let error as PostgresError where error.sqlState == .foreignKeyViolation {
            throw APIError.notFound("member")
        }
        guard let member else { throw APIError.notFound("team") }
        return try .json(member, request: request)
    }

    @Sendable func remove(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let (id, teamID, caller) = try await manager(context)
        guard try await teams.remove(context.parameters.id("user_id"), from: teamID, of: id, as: caller) else { throw APIError.notFound("member") }
        return .noContent
    }

    /// Who manages the agency's teams, or leads this one.
    private func manager(_ context: APIContext) async throws -> (agency: UUID, team: UUID, Caller) {
        let id = try context.parameters.id()
        let teamID = try context.parameters.id("team_id")
        if let caller = context.caller, caller.scopes == nil, caller.may(.teamsRead, in: id), try await teams.isLead(of: teamID, as: caller) {
            return (id, teamID, caller)
        }
        return (id, teamID, try context.require(.teamsManage, in: id))
    }

    private func team(_ agency: UUID, _ context: APIContext, _ caller: Caller) async throws -> Team {
        guard let team = try await teams.find(context.parameters.id("team_id"), of: agency, as: caller) else { throw APIError.notFound("team") }
        return team
    }

    private func named<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as PostgresError where error.constraint == "teams_name_key" {
            throw APIError.conflict("team-exists", "The agency has a team of that name already.")
        } catch let error as PostgresError where error.sqlState == .foreignKeyViolation {
            throw APIError.invalid([FieldError("/lead_user_id", "unknown", "is no member of the agency")])
        }
    }
}
