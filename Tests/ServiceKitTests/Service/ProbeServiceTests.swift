import Contracts
import Foundation
import Messaging
import NIOHTTP1
import ServiceKit
import TestKit
import Testing

struct ProbeServiceTests {
    struct Problem: Decodable {
        var type: String
        var status: Int
        var instance: String
        var errors: [FieldError]?
    }

    @Test func theDocumentMatchesTheRouter() async throws {
        try await TestService.with(ProbeService.self) { service in
            try expectDocumented(try await ProbeService.build(service.platform).router, ProbeService.openAPI)
            #expect(try await service.get("/v1/documents/openapi.json").body == ProbeService.openAPI)
        }
    }

    @Test func callersAreKnownByTheirToken() async throws {
        try await TestService.with(ProbeService.self) { service in
            let caller = Caller.test()
            #expect(try await service.get("/v1/probe").json([String: String].self)["user"] == "nobody")
            for _ in 1...2 {
                let answer = try await service.get("/v1/probe", as: caller).json([String: String].self)
                #expect(answer["user"] == caller.userID.uuidString.lowercased())
            }
            #expect(try await service.post("/v1/probe", ["name": "a"]).status == 401)
            #expect(try await service.post("/v1/probe", ["name": "a"], as: caller).status == 201)
        }
    }

    @Test func aTokenThatIsNotValidIs401() async throws {
        try await TestService.with(ProbeService.self) { service in
            let caller = Caller.test()
            let ended = try service.identity.sign(AccessClaims(caller))
            let good = try await service.identity.token(for: .test())
            for (token, slug) in [
                (ended, "session-ended"), ("x", "invalid-token"), (good + "x", "invalid-token"), (String(good.dropLast()), "invalid-token"),
            ] {
                let answer = try await service.get("/v1/probe", headers: ["Authorization": "Bearer \(token)"])
                #expect(answer.status == 401)
                #expect(answer.problem == slug)
                #expect(answer.headers.first(name: "WWW-Authenticate")?.hasPrefix("Bearer error=\"invalid_token\"") == true)
            }
            #expect(try await service.get("/v1/probe", headers: ["Authorization": "Basic x"]).status == 401)
        }
    }

    @Test func `An API key is known, bounded by its scopes, and forgotten when auth says so`() async throws {
        try await TestService.with(ProbeService.self) { service in
            let key = service.identity.apiKey(for: .test(), scopes: [.documentsRead])
            #expect(try await service.get("/v1/probe", headers: ["X-API-Key": key]).status == 200)
            #expect(try await service.get("/v1/probe", headers: ["Authorization": "Bearer \(key)"]).status == 200)
            // A handler that names no permission is not for keys.
            #expect(try await service.post("/v1/probe", ["name": "a"], headers: ["X-API-Key": key]).problem == "insufficient-scope")
            let stranger = APIKeySecret.random().text
            #expect(try await service.get("/v1/probe", headers: ["X-API-Key": stranger]).status == 401)
            let known = try #require(service.identity.keyID(of: key))
            try await Self.say(service, APIKeyRevoked(keyID: known, userID: .v7(), agencyID: nil, reason: "revoked"))
            try await eventually { try await service.get("/v1/probe", headers: ["X-API-Key": key]).status == 401 }
        }
    }

    @Test func `An API key that another one replaces is asked about anew`() async throws {
        try await TestService.with(ProbeService.self) { service in
            let caller = Caller.test()
            var (key, known) = ("", UUID.v7())
            // A copy remembers from when it hears what ends; the first request may come before that.
            try await eventually {
                key = service.identity.apiKey(for: caller, scopes: [.documentsRead])
                known = try #require(service.identity.keyID(of: key))
                #expect(try await service.get("/v1/probe", headers: ["X-API-Key": key]).status == 200)
                service.identity.end(apiKey: key)
                return try await service.get("/v1/probe", headers: ["X-API-Key": key]).status == 200
            }
            let successor = APIKeyCreated(
                keyID: .v7(), userID: caller.userID, agencyID: nil, keyPrefix: "hearth_0a1b2c3d4e", scopes: [], expiresAt: nil, replaces: known)
            try await Self.say(service, successor)
            try await eventually { [key] in try await service.get("/v1/probe", headers: ["X-API-Key": key]).status == 401 }
        }
    }

    @Test func `A changed membership drops what was remembered, whatever Redis holds`() async throws {
        try await TestService.with(ProbeService.self) { service in
            let caller = Caller.test()
            let token = try await service.identity.token(for: caller)
            let headers: HTTPHeaders = ["Authorization": "Bearer \(token)"]
            #expect(try await service.get("/v1/probe", headers: headers).status == 200)
            let change = MembershipChanged(agencyID: .v7(), userID: caller.userID, change: "removed", membership: nil, before: nil)
            try await Self.say(service, change)
            // The test's own auth knows no session that is not in Redis: that it is asked shows that Redis is not believed.
            try await eventually { try await service.get("/v1/probe", headers: headers).problem == "session-ended" }
        }
    }

    @Test func aRevokedSessionIsRefusedAtOnce() async throws {
        try await TestService.with(ProbeService.self) { service in
            let caller = Caller.test()
            let headers = ["Authorization": "Bearer " + (try await service.identity.token(for: caller))]
            #expect(try await service.get("/v1/probe", headers: .init(headers.map { ($0, $1) })).status == 200)
            service.platform.authenticator.end(caller.sessionID)
            #expect(try await service.get("/v1/probe", headers: .init(headers.map { ($0, $1) })).problem == "session-ended")
        }
    }

    @Test func refusalsAreProblemsWithTheRequestsID() async throws {
        try await TestService.with(ProbeService.self) { service in
            let missing = try await service.get("/v1/nothing", headers: ["X-Request-Id": "my-id"])
            #expect(missing.status == 404)
            #expect(missing.headers.first(name: "X-Request-Id") == "my-id")
            let problem = try missing.json(Problem.self)
            #expect(problem.type == "urn:hearth:problem:not-found")
            #expect(problem.instance == "urn:hearth:request:my-id")

            let method = try await service.delete("/v1/probe")
            #expect(method.status == 405)
            #expect(method.headers.first(name: "Allow") == "GET, HEAD, POST")
            #expect(try await service.get("/v1/probe/not-a-uuid").status == 404)
            #expect(try await service.request(.HEAD, "/v1/probe").status == 200)

            let fault = try await service.get("/v1/probe/fault", headers: ["X-Request-Id": "not well formed"])
            #expect(fault.status == 500)
            #expect(fault.problem == "internal")
            #expect(!fault.text.contains("nobody may see this"))
            #expect(fault.headers.first(name: "X-Request-Id")?.count == 36)
        }
    }

    @Test func badBodiesAreRefused() async throws {
        try await TestService.with(ProbeService.self) { service in
            let caller = Caller.test()
            let rule = try await service.post("/v1/probe", ["name": "too long"], as: caller)
            #expect(rule.status == 422)
            #expect(try rule.json(Problem.self).errors?.map(\.pointer) == ["/name"])
            #expect(try await service.post("/v1/probe", ["name": "a"], as: caller, headers: ["Content-Type": "text/plain"]).status == 415)
            let json = [("Content-Type", "application/json")]
            let large = Array(repeating: UInt8(ascii: " "), count: 1024 * 1024 + 1)
            #expect(try await service.request(.POST, "/v1/probe", body: large, as: caller, headers: .init(json)).status == 413)
            let deep = Array(repeating: UInt8(ascii: "["), count: 10_000)
            #expect(try await service.request(.POST, "/v1/probe", body: deep, as: caller, headers: .init(json)).status == 400)
            #expect(try await service.request(.POST, "/v1/probe", body: [], as: caller, headers: .init(json)).status == 400)
        }
    }

    @Test func healthAndReadinessAreToldOnAPortOfTheirOwn() async throws {
        try await TestService.with(ProbeService.self) { service in
            #expect(try await service.admin("/healthz").status == 200)
            let ready = try await service.admin("/readyz")
            #expect(ready.status == 200)
            #expect(ready.text.contains(#""status":"ready""#))
            #expect(try await service.admin("/metrics").text.contains("process_open_fds"))
            #expect(try await service.get("/healthz").status == 404)
        }
    }

    @Test func whatIsInFlightFinishesWhenTheServiceStops() async throws {
        let answer = try await TestService.with(ProbeService.self) { service in
            let slow = Task { try await service.get("/v1/probe/slow") }
            // Long enough for the request to be on its way; the stop begins as this body returns.
            try await Task.sleep(for: .milliseconds(100))
            return slow
        }.value
        #expect(answer.status == 200)
    }

    /// Says it as auth does, once this copy hears.
    private static func say(_ service: TestService, _ event: some Event) async throws {
        try await eventually { service.platform.broadcasts.isSubscribed }
        try await service.announcing(as: .auth) { try await $0.say(event) }
    }
}
