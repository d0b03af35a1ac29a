import Contracts
import Foundation
import NIOHTTP1
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct AgencyTests {
    @Test func `Nobody owns agencies without end`() async throws {
        try await AgencyStage.with { stage in
            _ = try await stage.auth.sql(
                """
                WITH more AS (INSERT INTO agencies (kind, name) SELECT 'rescue', 'Paws' FROM generate_series(3, 50) RETURNING id)
                INSERT INTO agency_members (user_id, agency_id, role) SELECT \(stage.owner.user.id), id, 'owner' FROM more
                """)
            func found() async throws -> TestResponse {
                try await stage.auth.service.post("/v1/agencies", ["kind": "rescue", "name": "Last"], headers: stage.headers(stage.owner))
            }
            #expect(try await found().status == 201)
            #expect(try await found().problem == "agency-limit")
        }
    }

    @Test func `The founder is the owner and may act for the agency at once, with the token they have`() async throws {
        try await AgencyStage.with { stage in
            #expect(stage.agency.email == "office@example.org" && stage.agency.subscriptionTier == .basic && stage.agency.version == 1)
            let own: Page<OwnAgency> = try await stage.auth.service.get("/v1/agencies", headers: stage.headers(stage.owner)).json()
            #expect(own.items.map(\.agency.id) == [stage.agency.id] && own.items.map(\.role) == [.owner])
            #expect(try await stage.auth.service.get(stage.path, headers: stage.headers(stage.owner)).status == 200)
        }
    }

    @Test func `Particulars are a merge patch guarded by the version, and bad fields are named`() async throws {
        try await AgencyStage.with { stage in
            let headers = stage.headers(stage.owner)
            let change = AgencyPatch(
                name: "Keller", address: PostalAddress(street: "Allee", city: "Berlin", country: "DE"), settings: ["language": .text("de")])
            let stale = headers.merged(["If-Match": "\"7\""])
            #expect(try await stage.auth.service.patch(stage.path, change, headers: stale).status == 412)
            let changed: Agency = try await stage.auth.service.patch(stage.path, change, headers: headers.merged(["If-Match": "\"1\""])).json()
            #expect(changed.name == "Keller" && changed.address?.city == "Berlin" && changed.version == 2 && changed.email == "office@example.org")
            let bad = AgencyPatch(address: PostalAddress(country: "Germany"))
            #expect(try await stage.auth.service.patch(stage.path, bad, headers: headers).status == 422)
        }
    }

    @Test func `What a tier allows is data: branding is refused, then allowed; limits hold; what is cached follows a change by hand`() async throws {
        try await AgencyStage.with { stage in
            let headers = stage.headers(stage.owner)
            let branding = AgencyPatch(branding: Branding(primaryColor: "#b4512d"))
            #expect(try await stage.auth.service.patch(stage.path, branding, headers: headers).problem == "subscription-limit")
            func settings() async throws -> AgencySettings {
                try await stage.auth.service.get(stage.path + "/settings", headers: headers).json()
            }
            #expect(try await settings().subscription.allowance.effectiveTier == .basic)
            _ = try await stage.auth.sql("UPDATE agencies SET subscription_tier = 'professional' WHERE id = \(stage.agency.id)")
            try await eventually { try await settings().subscription.allowance.features == ["branding"] }
            #expect(try await stage.auth.service.patch(stage.path, branding, headers: headers).status == 200)
            #expect(try await settings().branding.primaryColor == "#b4512d")
            // What has run out allows what the lowest tier does.
            _ = try await stage.auth.sql("UPDATE agencies SET subscription_expires_at = now() - interval '1 s' WHERE id = \(stage.agency.id)")
            try await eventually { try await settings().subscription.allowance.effectiveTier == .basic }
            _ = try await stage.auth.sql("UPDATE subscription_tiers SET max_members = 1, max_teams = 0 WHERE tier = 'basic'")
            try await eventually { try await settings().subscription.allowance.maxMembers == 1 }
            #expect(try await stage.invite("more@example.org", .agent).problem == "subscription-limit")
            #expect(try await stage.auth.service.post(stage.path + "/teams", ["name": "North"], headers: headers).problem == "subscription-limit")
        }
    }

    @Test func `A subscription is changed by an administrator alone, in the code and in the database`() async throws {
        try await AgencyStage.with { stage in
            let body = ["tier": "enterprise"]
            #expect(try await stage.auth.service.patch(stage.path + "/subscription", body, headers: stage.headers(stage.owner)).status == 403)
            let caller = Caller(userID: stage.owner.user.id, sessionID: .v7())
            await #expect { () async throws -> Void in
                _ = try await stage.auth.service.platform.postgres.batch(
                    as: caller, ["UPDATE agencies SET subscription_tier = 'enterprise' WHERE id = \(stage.agency.id)"])
            } throws: { ($0 as? PostgresError)?.sqlState == .insufficientPrivilege }
            #expect(try await stage.auth.register("root@example.org").status == 202)
            _ = try await stage.auth.sql("UPDATE users SET role = 'administrator' WHERE email = 'root@example.org'")
            // Signed in with the role: a session that was looked up a moment before the change would keep the old one.
            let root: SignIn = try await stage.auth.login("root@example.org").json()
            let answer = try await stage.auth.service.patch(stage.path + "/subscription", body, headers: stage.headers(root))
            #expect(try answer.status == 200 && answer.json(Agency.self).subscriptionTier == .enterprise)
        }
    }

    @Test func `An agency is invisible to who does not belong to it, and the platform's own to everybody`() async throws {
        try await AgencyStage.with { stage in
            let stranger = try await stage.auth.signedIn("stranger@example.org")
            #expect(try await stage.auth.service.get(stage.path, headers: stage.headers(stranger)).status == 404)
            let system = "/v1/agencies/00000000-0000-0000-0000-000000000000"
            #expect(try await stage.auth.service.get(system, headers: stage.headers(stage.owner)).status == 404)
            let forged = try await stage.auth.service.post("/v1/agencies", ["kind": "system", "name": "Mine"], headers: stage.headers(stranger))
            #expect(forged.status == 422)
        }
    }

    @Test func `Its owner alone deletes an agency, by its name, and with it go members, teams, invitations and keys`() async throws {
        try await AgencyStage.with { stage in
            let auth = stage.auth
            let admin = try await stage.member("admin@example.org", .admin)
            #expect(try await stage.invite("later@example.org", .agent).status == 201)
            #expect(try await auth.service.post(stage.path + "/teams", ["name": "North"], headers: stage.headers(stage.owner)).status == 201)
            let made = try await auth.service.post(
                "/v1/api-keys", KeyBody(permissions: ["agency.read"], agencyID: stage.agency.id), headers: stage.headers(stage.owner))
            let key: MadeAPIKey = try made.json()
            #expect(try await auth.service.get(stage.path, headers: ["X-API-Key": key.key]).status == 200)

            func delete(_ name: String, as who: SignIn) async throws -> TestResponse {
                let headers = stage.headers(who).merged(["Content-Type": "application/json"])
                return try await auth.service.request(.DELETE, stage.path, body: Array(#"{"name":"\#(name)"}"#.utf8), headers: headers)
            }
            #expect(try await delete("Keller & Co", as: admin).status == 403)
            #expect(try await delete("Keller", as: stage.owner).status == 422)
            #expect(try await delete("Keller & Co", as: stage.owner).status == 204)
            #expect(try await delete("Keller & Co", as: stage.owner).status == 404)
            #expect(try await auth.tap.first(AgencyDeleted.self).agencyID == stage.agency.id)
            #expect(try await auth.tap.first(APIKeyRevoked.self).reason == "agency_deleted")
            try await eventually { auth.tap.all(MembershipChanged.self).filter { $0.change == "removed" }.count == 2 }
            for table: SQL in ["agency_members", "teams", "agency_invitations", "api_keys"] {
                #expect(try await auth.sql("SELECT 1 AS one FROM \(table) WHERE agency_id = \(stage.agency.id)").isEmpty)
            }
            try await eventually { try await auth.service.get(stage.path, headers: stage.headers(admin)).status == 404 }
            try await eventually { try await auth.service.get(stage.path, headers: ["X-API-Key": key.key]).status == 401 }
            let own: Page<OwnAgency> = try await auth.service.get("/v1/agencies", headers: stage.headers(stage.owner)).json()
            #expect(own.items.isEmpty)
        }
    }

    @Test func `The permission model of the code is the one of the database`() async throws {
        try await AuthTest.with { auth in
            let rows = try await auth.sql("SELECT role, permission FROM agency_role_permissions")
            var stored: [String: Set<String>] = [:]
            for row in rows { stored[try row["role"], default: []].insert(try row["permission"]) }
            let model = AgencyRole.allCases.map { ($0.rawValue, Set(Permission.of($0).map(\.rawValue))) }
            #expect(stored == Dictionary(uniqueKeysWithValues: model))
        }
    }

    private struct KeyBody: Encodable {
        var keyName = "site"
        var permissions: [String]
        var agencyID: UUID
        enum CodingKeys: String, CodingKey {
            case permissions
            case keyName = "key_name"
            case agencyID = "agency_id"
        }
    }

    private struct AgencyPatch: Encodable {
        var name: String?
        var address: PostalAddress?
        var branding: Branding?
        var settings: [String: JSONValue]?
        enum CodingKeys: String, CodingKey {
            case name, address, settings
            case branding = "branding_config"
        }
    }
}

extension HTTPHeaders {
    /// These and others.
    func merged(_ others: HTTPHeaders) -> HTTPHeaders {
        var merged = self
        merged.add(contentsOf: others)
        return merged
    }
}
