import Contracts
import Foundation
import NIOHTTP1
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct APIKeyTests {
    private struct Body: Encodable {
        var keyName = "import"
        var permissions: [String]
        var agencyID: UUID?
        enum CodingKeys: String, CodingKey {
            case permissions
            case keyName = "key_name"
            case agencyID = "agency_id"
        }
    }

    private func make(_ stage: AgencyStage, _ scopes: [String], agency: UUID? = nil, as who: SignIn? = nil) async throws -> TestResponse {
        try await stage.auth.service.post(
            "/v1/api-keys", Body(permissions: scopes, agencyID: agency), headers: stage.headers(who ?? stage.owner))
    }

    @Test func `A key is shown once, acts within its scopes for its agency, and only its hash is kept`() async throws {
        try await AgencyStage.with(settings: ["API_KEY_USE_PAUSE": "50ms"]) { stage in
            let service = stage.auth.service
            let answer = try await make(stage, ["agency.read", "account.read"], agency: stage.agency.id)
            #expect(answer.status == 201 && answer.headers.first(name: "Cache-Control") == "no-store")
            let made: MadeAPIKey = try answer.json()
            #expect(made.key.hasPrefix(made.apiKey.keyPrefix) && made.apiKey.lastUsedAt == nil)
            for headers: HTTPHeaders in [["Authorization": "Bearer \(made.key)"], ["X-API-Key": made.key]] {
                #expect(try await service.get(stage.path, headers: headers).status == 200)
                #expect(try await service.get("/v1/users/me", headers: headers).status == 200)
                #expect(try await service.get(stage.path + "/members", headers: headers).problem == "insufficient-scope")
                #expect(try await service.get("/v1/auth/sessions", headers: headers).problem == "insufficient-scope")
                #expect(try await service.post("/v1/api-keys", Body(permissions: ["account.read"]), headers: headers).status == 403)
            }
            #expect(try await service.get(stage.path, headers: ["X-API-Key": made.key + "x"]).status == 401)
            let list = try await service.get("/v1/api-keys", headers: stage.headers(stage.owner))
            #expect(!list.text.contains(made.key) && list.text.contains(made.apiKey.keyPrefix))
            let stored = try await stage.auth.sql("SELECT * FROM api_keys WHERE key_hash = sha256(convert_to(\(made.key), 'UTF8'))")
            #expect(stored.count == 1)
            try await eventually {
                let page: Page<APIKey> = try await service.get("/v1/api-keys", headers: stage.headers(stage.owner)).json()
                return page.items[0].lastUsedAt != nil
            }
        }
    }

    @Test func `Another service learns what a key may do by its hash, and hears when it is revoked`() async throws {
        try await AgencyStage.with { stage in
            let made: MadeAPIKey = try await make(stage, ["documents.read"], agency: stage.agency.id).json()
            let hash = try #require(APIKeySecret(made.key)).hash.base64URL
            try await Requester.with(stage.auth.service.broker) { requests in
                let known = try await requests.ask(ResolveAPIKey(keyHash: hash), within: .seconds(30)).key
                #expect(known?.userID == stage.owner.user.id && known?.scopes == ["documents.read"])
                #expect(known?.memberships.map(\.role) == ["owner"])
                let path = "/v1/api-keys/\(made.apiKey.id)"
                #expect(try await stage.auth.service.delete(path, headers: stage.headers(stage.owner)).status == 204)
                #expect(try await requests.ask(ResolveAPIKey(keyHash: hash), within: .seconds(30)).key == nil)
                #expect(try await requests.ask(ResolveAPIKey(keyHash: "x"), within: .seconds(30)).key == nil)
            }
            let event: APIKeyRevoked = try await stage.auth.tap.first { $0.keyID == made.apiKey.id }
            #expect(event.reason == "revoked")
            #expect(try await stage.auth.service.get(stage.path, headers: ["X-API-Key": made.key]).status == 401)
        }
    }

    @Test func `A rotated key is replaced at once or after a while; an expired one, a suspended owner's and a former member's are refused`()
        async throws
    {
        try await AgencyStage.with { stage in
            let service = stage.auth.service
            let owner = stage.headers(stage.owner)
            func works(_ key: String) async throws -> Bool { try await service.get("/v1/users/me", headers: ["X-API-Key": key]).status == 200 }
            let first: MadeAPIKey = try await make(stage, ["account.read"]).json()
            let second: MadeAPIKey = try await service.post("/v1/api-keys/\(first.apiKey.id)/rotate", [String: Int](), headers: owner).json()
            #expect(try await !works(first.key))
            #expect(try await works(second.key))
            let third: MadeAPIKey = try await service.post(
                "/v1/api-keys/\(second.apiKey.id)/rotate", ["overlap_seconds": 600], headers: owner
            ).json()
            #expect(try await works(second.key))
            #expect(try await works(third.key))

            let admin = try await stage.member("admin@example.org", .admin)
            let theirs: MadeAPIKey = try await make(stage, ["account.read", "agency.read"], agency: stage.agency.id, as: admin).json()
            #expect(try await works(theirs.key))
            #expect(try await service.delete(stage.memberPath(admin), headers: owner).status == 204)
            #expect(try await !works(theirs.key))

            let expiring: MadeAPIKey = try await make(stage, ["account.read"]).json()
            _ = try await stage.auth.sql("UPDATE api_keys SET expires_at = now() - interval '1 s' WHERE id = \(expiring.apiKey.id)")
            #expect(try await !works(expiring.key))
            let suspended: MadeAPIKey = try await make(stage, ["account.read"]).json()
            _ = try await stage.auth.sql("UPDATE users SET status = 'suspended' WHERE id = \(stage.owner.user.id)")
            #expect(try await !works(suspended.key))
        }
    }

    @Test func `A replaced key ends when its overlap does, and keys are not multiplied by replacing them`() async throws {
        try await AgencyStage.with { stage in
            let service = stage.auth.service
            let owner = stage.headers(stage.owner)
            func works(_ key: String) async throws -> Bool { try await service.get("/v1/users/me", headers: ["X-API-Key": key]).status == 200 }
            func rotate(_ key: MadeAPIKey, overlap: Int) async throws -> TestResponse {
                try await service.post("/v1/api-keys/\(key.apiKey.id)/rotate", ["overlap_seconds": overlap], headers: owner)
            }
            let first: MadeAPIKey = try await make(stage, ["account.read"]).json()
            #expect(try await works(first.key))
            let second: MadeAPIKey = try await rotate(first, overlap: 1).json()
            // Used a moment ago, and remembered: it ends all the same.
            try await eventually { try await !works(first.key) }
            #expect(try await works(second.key))

            var key: MadeAPIKey = try await make(stage, ["account.read"], agency: stage.agency.id).json()
            // The lowest tier has two keys; two more may be on their way out.
            for _ in 2...4 { key = try await rotate(key, overlap: 600).json() }
            #expect(try await rotate(key, overlap: 600).problem == "subscription-limit")
            #expect(try await make(stage, ["account.read"], agency: stage.agency.id).problem == "subscription-limit")
            #expect(try await rotate(key, overlap: 0).status == 201)
        }
    }

    @Test func `Scopes are those of the model, an agency's key takes who manages its keys, and the database keeps a key as it was made`() async throws
    {
        try await AgencyStage.with { stage in
            let agent = try await stage.member("agent@example.org", .agent)
            for scope in ["api_keys.write", "agency.own", "users.manage", "nonsense"] {
                #expect(try await make(stage, [scope]).status == 422)
            }
            #expect(try await make(stage, ["agency.read"], agency: stage.agency.id, as: agent).status == 403)
            let made: MadeAPIKey = try await make(stage, ["account.read"]).json()
            let postgres = stage.auth.service.platform.postgres
            let owner = Caller(userID: stage.owner.user.id, sessionID: .v7())
            let change: SQL = """
                UPDATE api_keys SET permissions = '["agency.manage"]' WHERE id = \(made.apiKey.id)
                """
            await #expect { () async throws -> Void in
                _ = try await postgres.batch(as: owner, [change])
            } throws: { ($0 as? PostgresError)?.sqlState == .insufficientPrivilege }
            let other = Caller(userID: agent.user.id, sessionID: .v7())
            let seen = try await postgres.batch(as: other, ["SELECT id FROM api_keys", "SELECT id FROM agency_invitations"])
            #expect(seen.map(\.count) == [0, 0])
        }
    }
}
