import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct MemberTests {
    @Test func `A changed role holds at once with the token one has, and every service hears of it`() async throws {
        try await AgencyStage.with { stage in
            let service = stage.auth.service
            let member = try await stage.member("member@example.org", .viewer)
            #expect(try await service.patch(stage.path, ["name": "Mine"], headers: stage.headers(member)).status == 403)
            #expect(try await service.patch(stage.memberPath(member), ["role": "admin"], headers: stage.headers(stage.owner)).status == 200)
            #expect(try await service.patch(stage.path, ["name": "Ours"], headers: stage.headers(member)).status == 200)
            let event: MembershipChanged = try await stage.auth.tap.first { $0.userID == member.user.id && $0.change == "changed" }
            #expect(event.before?.role == "viewer" && event.membership?.role == "admin" && event.agencyID == stage.agency.id)
            #expect(try await service.delete(stage.memberPath(member), headers: stage.headers(stage.owner)).status == 204)
            #expect(try await service.get(stage.path, headers: stage.headers(member)).status == 404)
        }
    }

    @Test func `An extra permission is given, holds, and is taken by hand in SQL`() async throws {
        try await AgencyStage.with { stage in
            let service = stage.auth.service
            let member = try await stage.member("member@example.org", .viewer)
            let extra = ["permissions": ["teams.manage"]]
            #expect(
                try await service.patch(stage.memberPath(member), ["permissions": ["agency.own"]], headers: stage.headers(stage.owner)).status == 422)
            #expect(try await service.post(stage.path + "/teams", ["name": "North"], headers: stage.headers(member)).status == 403)
            #expect(try await service.patch(stage.memberPath(member), extra, headers: stage.headers(stage.owner)).status == 200)
            #expect(try await service.post(stage.path + "/teams", ["name": "North"], headers: stage.headers(member)).status == 201)
            _ = try await stage.auth.sql("UPDATE agency_members SET permissions = '[]' WHERE user_id = \(member.user.id)")
            let key = SessionSnapshot.key(user: member.user.id, session: member.sessionID)
            try await eventually { try await service.platform.redis.get(key) == nil }
        }
    }

    @Test func `Nobody gives, takes or changes what they do not have themselves`() async throws {
        try await AgencyStage.with { stage in
            let service = stage.auth.service
            let admin = try await stage.member("admin@example.org", .admin)
            let agent = try await stage.member("agent@example.org", .agent)
            #expect(try await service.patch(stage.memberPath(agent), ["role": "owner"], headers: stage.headers(admin)).status == 403)
            #expect(try await service.patch(stage.memberPath(stage.owner), ["role": "agent"], headers: stage.headers(admin)).status == 403)
            #expect(try await service.delete(stage.memberPath(stage.owner), headers: stage.headers(admin)).status == 403)
            #expect(try await service.post(stage.path + "/owner", ["user_id": agent.user.id], headers: stage.headers(admin)).status == 403)
            #expect(try await stage.invite("other@example.org", .owner, as: admin).status == 403)
            #expect(try await stage.invite("other@example.org", .viewer, as: agent).status == 403)
            #expect(try await service.patch(stage.memberPath(agent), ["role": "assistant"], headers: stage.headers(admin)).status == 200)
            // The second wall.
            let caller = Caller(userID: admin.user.id, sessionID: .v7(), agencies: [AgencyMembership(agencyID: stage.agency.id, role: .owner)])
            let changes: [SQL] = [
                "UPDATE agency_members SET role = 'agent' WHERE user_id = \(stage.owner.user.id) RETURNING id",
                "DELETE FROM agency_members WHERE user_id = \(stage.owner.user.id) RETURNING id",
            ]
            #expect(try await service.platform.postgres.batch(as: caller, changes).allSatisfy(\.isEmpty))
            await #expect { () async throws -> Void in
                _ = try await service.platform.postgres.batch(
                    as: caller, ["UPDATE agency_members SET role = 'owner' WHERE user_id = \(admin.user.id)"])
            } throws: { ($0 as? PostgresError)?.sqlState == .insufficientPrivilege }
        }
    }

    @Test func `There is always an owner: the last one neither leaves nor steps down nor deletes the account, but hands over`() async throws {
        try await AgencyStage.with { stage in
            let service = stage.auth.service
            let next = try await stage.member("next@example.org", .agent)
            let own = stage.memberPath(stage.owner)
            #expect(try await service.delete(own, headers: stage.headers(stage.owner)).problem == "last-owner")
            #expect(try await service.patch(own, ["role": "admin"], headers: stage.headers(stage.owner)).problem == "last-owner")
            #expect(try await service.patch(own, ["status": "inactive"], headers: stage.headers(stage.owner)).problem == "last-owner")
            #expect(try await Self.deleteAccount(stage, stage.owner).problem == "last-owner")
            let stranger: UUID = .v7()
            #expect(try await service.post(stage.path + "/owner", ["user_id": stranger], headers: stage.headers(stage.owner)).status == 404)
            #expect(try await service.post(stage.path + "/owner", ["user_id": next.user.id], headers: stage.headers(stage.owner)).status == 204)
            let members: Page<AgencyMember> = try await service.get(stage.path + "/members", headers: stage.headers(next)).json()
            #expect(members.items.map(\.role) == [.admin, .owner])
            #expect(try await service.delete(own, headers: stage.headers(stage.owner)).status == 204)
            // Who is alone takes the agency along.
            #expect(try await Self.deleteAccount(stage, next).status == 202)
            #expect(try await stage.auth.sql("SELECT id FROM agencies WHERE id = \(stage.agency.id)").isEmpty)
        }
    }

    @Test func `Of two owners who leave at once one stays`() async throws {
        try await AgencyStage.with { stage in
            let second = try await stage.member("second@example.org", .owner)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for who in [stage.owner, second] {
                    group.addTask { try await stage.auth.service.delete(stage.memberPath(who), headers: stage.headers(who)).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }.sorted()
            }
            #expect(statuses == [204, 409])
        }
    }

    private static func deleteAccount(_ stage: AgencyStage, _ who: SignIn) async throws -> TestResponse {
        var headers = stage.headers(who)
        headers.add(name: "Content-Type", value: "application/json")
        return try await stage.auth.service.request(
            .DELETE, "/v1/users/me", body: Array(#"{"password":"\#(AuthTest.password)"}"#.utf8), headers: headers)
    }
}
