import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct AgencyTests {
    private func found(_ auth: AuthTest, _ signIn: SignIn) async throws -> Agency {
        let answer = try await auth.service.post(
            "/v1/agencies", ["kind": "brokerage", "name": "Keller & Co", "email": "Office@Example.org"], headers: auth.headers(signIn))
        #expect(answer.status == 201)
        return try answer.json()
    }

    @Test func `The founder is the owner, and the next token says so`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn("maria@example.org")
            let agency = try await found(auth, signIn)
            #expect(agency.email == "office@example.org" && agency.subscriptionTier == .basic && agency.version == 1)
            let own: Page<OwnAgency> = try await auth.service.get("/v1/agencies", headers: auth.headers(signIn)).json()
            #expect(own.items.map(\.agency.id) == [agency.id] && own.items.map(\.role) == [.owner])
            let next: SignIn = try await auth.refresh(signIn.refreshToken).json()
            let payload = try #require(Data(base64URL: next.accessToken.split(separator: ".")[1]))
            let claims = try JSONDecoder().decode(AccessClaims.self, from: payload)
            #expect(claims.agencies == [AgencyMembership(agencyID: agency.id, role: .owner)])
        }
    }

    @Test func `Members are added by owners and admins, and by nobody else`() async throws {
        try await AuthTest.with { auth in
            let owner = try await auth.signedIn("owner@example.org")
            let agent = try await auth.signedIn("agent@example.org")
            let admin = try await auth.signedIn("admin@example.org")
            let stranger = try await auth.signedIn("stranger@example.org")
            let agency = try await found(auth, owner)
            let path = "/v1/agencies/\(agency.id.uuidString)/members"
            func add(_ email: String, _ role: String, as who: SignIn) async throws -> Int {
                try await auth.service.post(path, ["email": email, "role": role], headers: auth.headers(who)).status
            }
            #expect(try await add("agent@example.org", "agent", as: owner) == 201)
            #expect(try await add("agent@example.org", "agent", as: owner) == 409)
            #expect(try await add("admin@example.org", "admin", as: owner) == 201)
            #expect(try await add("nobody@example.org", "agent", as: owner) == 404)
            #expect(try await add("stranger@example.org", "boss", as: owner) == 422)
            #expect(try await add("stranger@example.org", "viewer", as: agent) == 403)
            #expect(try await add("stranger@example.org", "owner", as: admin) == 403)
            #expect(try await add("stranger@example.org", "viewer", as: stranger) == 404)
            #expect(try await auth.service.get(path, headers: auth.headers(stranger)).status == 404)
            let members: Page<AgencyMember> = try await auth.service.get(path, headers: auth.headers(agent)).json()
            #expect(members.items.map(\.role) == [.owner, .agent, .admin])
        }
    }

    @Test func `An agency is invisible to who does not belong to it, and the platform's own to everybody`() async throws {
        try await AuthTest.with { auth in
            let owner = try await auth.signedIn("owner@example.org")
            let stranger = try await auth.signedIn("stranger@example.org")
            let agency = try await found(auth, owner)
            let path = "/v1/agencies/\(agency.id.uuidString)"
            #expect(try await auth.service.get(path, headers: auth.headers(owner)).status == 200)
            #expect(try await auth.service.get(path, headers: auth.headers(stranger)).status == 404)
            let system = "/v1/agencies/00000000-0000-0000-0000-000000000000"
            #expect(try await auth.service.get(system, headers: auth.headers(owner)).status == 404)
            let forged = try await auth.service.post("/v1/agencies", ["kind": "system", "name": "Mine"], headers: auth.headers(stranger))
            #expect(forged.status == 422)
        }
    }
}
