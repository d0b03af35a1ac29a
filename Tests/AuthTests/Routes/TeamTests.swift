import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct TeamTests {
    @Test func `A team has members of its agency, one lead at most, and loses who leaves the agency`() async throws {
        try await AgencyStage.with { stage in
            let service = stage.auth.service
            let owner = stage.headers(stage.owner)
            let lead = try await stage.member("lead@example.org", .agent)
            let agent = try await stage.member("agent@example.org", .agent)
            let made = try await service.post(stage.path + "/teams", NewTeam(name: "North", lead: lead.user.id), headers: owner)
            #expect(made.status == 201)
            let team: Team = try made.json()
            #expect(team.leadUserID == lead.user.id)
            #expect(try await service.post(stage.path + "/teams", ["name": "north"], headers: owner).problem == "team-exists")
            let path = stage.path + "/teams/\(team.id)"
            func put(_ who: UUID, _ role: String, as signIn: SignIn) async throws -> Int {
                try await service.put(path + "/members/\(who)", ["role": role], headers: stage.headers(signIn)).status
            }
            #expect(try await put(.v7(), "member", as: stage.owner) == 404)
            #expect(try await put(agent.user.id, "member", as: agent) == 403)
            // A lead chooses members, and not who leads.
            #expect(try await put(agent.user.id, "member", as: lead) == 200)
            #expect(try await put(agent.user.id, "lead", as: lead) == 403)
            #expect(try await put(agent.user.id, "lead", as: stage.owner) == 200)
            func members() async throws -> [UUID: TeamMember.Role] {
                let page: Page<TeamMember> = try await service.get(path + "/members", headers: owner).json()
                return Dictionary(uniqueKeysWithValues: page.items.map { ($0.userID, $0.role) })
            }
            #expect(try await members() == [lead.user.id: .member, agent.user.id: .lead])
            #expect(try await service.delete(stage.memberPath(agent), headers: owner).status == 204)
            #expect(try await members() == [lead.user.id: .member])
            #expect(try await service.get(path, headers: owner).json(Team.self).leadUserID == nil)
            #expect(try await service.delete(path, headers: owner).status == 204)
        }
    }

    private struct NewTeam: Encodable {
        var name: String
        var lead: UUID
        enum CodingKeys: String, CodingKey {
            case name
            case lead = "lead_user_id"
        }
    }
}
