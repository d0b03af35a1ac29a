import Contracts
import Foundation
import NIOHTTP1
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct RateLimitTests {
    private static func from(_ address: String) -> HTTPHeaders { ["X-Real-IP": address, "Content-Type": "application/json"] }

    private static func login(_ auth: AuthTest, _ email: String, from address: String) async throws -> TestResponse {
        try await auth.service.post("/v1/auth/login", ["email": email, "password": "not the password"], headers: from(address))
    }

    @Test func `Sign-ins have a limit of their own per client, told beside the general one`() async throws {
        try await ModerationStage.with { stage in
            #expect(
                try await stage.patch(
                    "/v1/configuration/rate_limits.endpoints.sign_in", #"{"value": "3/1h", "is_active": true}"#, as: stage.administrator
                ).status == 200)
            let first = try await Self.login(stage.auth, "a@example.org", from: "192.0.2.1")
            #expect(first.status == 401)
            #expect(first.headers.first(name: "RateLimit-Policy") == #""anonymous";q=600;w=60, "sign_in";q=3;w=3600"#)
            for number in 0..<2 { _ = try await Self.login(stage.auth, "b\(number)@example.org", from: "192.0.2.1") }
            let refused = try await Self.login(stage.auth, "c@example.org", from: "192.0.2.1")
            #expect(refused.status == 429 && refused.problem == "rate-limited" && refused.headers.contains(name: "Retry-After"))
            #expect(try await Self.login(stage.auth, "c@example.org", from: "192.0.2.2").status == 401)
            // Nothing else is refused to them.
            #expect(try await stage.auth.service.get("/v1/configuration/public", headers: Self.from("192.0.2.1")).status == 200)
        }
    }

    @Test func `Every way to sign in, and every way to add one, has a limit of its own`() async throws {
        try await ModerationStage.with { stage in
            let anonymous = [
                "second_factor": ["/v1/auth/login/second-factor", "/v1/auth/login/second-factor/code", "/v1/auth/login/second-factor/passkey"],
                "passkeys": ["/v1/auth/passkeys/options", "/v1/auth/passkeys/login"],
                "oauth": ["/v1/auth/oauth/callback", "/v1/auth/oauth/providers/nobody/authorize"],
            ]
            let id = UUID.v7().uuidString.lowercased()
            let own = [
                "second_factor": ["/v1/auth/step-up", "/v1/auth/step-up/second-factor", "/v1/auth/step-up/second-factor/code"],
                "credentials": ["/v1/auth/password/change", "/v1/users/me/deactivate"],
                "enrolment": ["/v1/users/me/second-factors", "/v1/users/me/second-factors/\(id)/confirm", "/v1/users/me/passkeys/options"],
            ]
            for (name, paths) in anonymous {
                for path in paths {
                    let answer = try await stage.auth.service.post(path, [String: String](), headers: Self.from("192.0.2.7"))
                    let policy = answer.headers.first(name: "RateLimit-Policy") ?? ""
                    #expect(policy.contains("\"\(name)\";q="), "\(path): \(answer) \(policy)")
                }
            }
            for (name, paths) in own {
                for path in paths {
                    let answer = try await stage.post(path, [String: String](), as: stage.person)
                    let policy = answer.headers.first(name: "RateLimit-Policy") ?? ""
                    #expect(policy.contains("\"\(name)\";q="), "\(path): \(answer) \(policy)")
                }
            }
        }
    }

    @Test func `What takes the password once more has one limit for all of it, by person`() async throws {
        try await ModerationStage.with { (stage: ModerationStage) async throws -> Void in
            #expect(
                try await stage.patch(
                    "/v1/configuration/rate_limits.endpoints.credentials", #"{"value": "3/1h", "is_active": true}"#, as: stage.administrator
                ).status == 200)
            let wrong = ["password": "not the password", "current_password": "not the password", "new_password": "another good sentence"]
            for path in ["/v1/auth/password/change", "/v1/users/me/deactivate"] {
                #expect(try await stage.post(path, wrong, as: stage.person).problem == "wrong-password")
            }
            let headers = stage.auth.headers(stage.person).merged(["Content-Type": "application/json"])
            func delete() async throws -> TestResponse {
                try await stage.auth.service.request(
                    .DELETE, "/v1/users/me", body: Array(#"{"password": "not the password"}"#.utf8), headers: headers)
            }
            #expect(try await delete().problem == "wrong-password")
            #expect(try await delete().problem == "rate-limited")
            #expect(try await stage.post("/v1/users/me/deactivate", wrong, as: stage.moderator).problem == "wrong-password")
        }
    }

    @Test func `Each limit of an endpoint has a setting, so that it can be changed while everything runs`() async throws {
        try await ModerationStage.with { stage in
            let known = Set(
                try await stage.auth.sql("SELECT key FROM system_configuration WHERE key LIKE 'rate_limits.endpoints.%'").map { row -> String in
                    try row["key"]
                })
            let classes = stage.auth.service.platform.endpointLimits.classes
            #expect(classes.count > 5 && known == Set(classes.map { "rate_limits.endpoints.\($0)" }))
        }
    }

    @Test func `One account is not tried from many clients, whether there is one or not`() async throws {
        try await ModerationStage.with { stage in
            #expect(
                try await stage.patch(
                    "/v1/configuration/rate_limits.accounts.sign_in", #"{"value": "3/1h", "is_active": true}"#, as: stage.administrator
                ).status == 200)
            #expect(try await stage.auth.register("tried@example.org").status == 202)
            for email in ["tried@example.org", "nobody@example.org"] {
                for number in 1...3 { #expect(try await Self.login(stage.auth, email, from: "192.0.2.\(number)").status == 401) }
                let refused = try await Self.login(stage.auth, email, from: "192.0.2.9")
                #expect(refused.status == 429 && refused.headers.first(name: "RateLimit-Policy") == #""sign_in_account";q=3;w=3600"#)
            }
        }
    }

    @Test func `An address that did not ask for them gets few mails, whoever has them sent`() async throws {
        try await AgencyStage.with { stage in
            for name in ["invitations", "email_change"] {
                _ = try await stage.auth.sql(
                    """
                    UPDATE system_configuration SET value = '"2/1h"', is_active = true WHERE key = \("rate_limits.accounts.\(name)")
                    """)
            }
            try await stage.auth.service.platform.configuration.reload()
            func change(to email: String) async throws -> TestResponse {
                try await stage.auth.service.post(
                    "/v1/users/me/email", ["email": email, "password": AuthTest.password], headers: stage.headers(stage.owner))
            }
            for email in ["a@example.com", "b@example.com", "a@example.com"] { #expect(try await change(to: email).status == 202) }
            #expect(try await change(to: "a@example.com").problem == "rate-limited")
            for _ in 1...2 {
                let invitation: Invitation = try await stage.invite("stranger@example.org", .agent).json()
                let path = stage.path + "/invitations/\(invitation.id)"
                #expect(try await stage.auth.service.delete(path, headers: stage.headers(stage.owner)).status == 204)
            }
            let refused = try await stage.invite("stranger@example.org", .agent)
            #expect(refused.status == 429 && refused.problem == "rate-limited")
            #expect(try await stage.invite("other@example.org", .agent).status == 201)
        }
    }

    @Test func `An API key is counted by itself`() async throws {
        try await ModerationStage.with(settings: ["RATE_LIMIT_API_KEY": "2/1h"]) { stage in
            _ = try await stage.auth.sql("UPDATE users SET email_verified = true WHERE id = \(stage.person.user.id)")
            let person: SignIn = try await stage.auth.login("person@example.org").json()
            func key(_ name: String) async throws -> String {
                try await stage.post("/v1/api-keys", KeyBody(keyName: name), as: person).json(MadeAPIKey.self).key
            }
            let (one, other) = (try await key("one"), try await key("other"))
            var statuses: [Int] = []
            for _ in 0..<3 { statuses.append(try await stage.auth.service.get("/v1/users/me", headers: ["X-API-Key": one]).status) }
            #expect(statuses == [200, 200, 429])
            #expect(try await stage.auth.service.get("/v1/users/me", headers: ["X-API-Key": other]).status == 200)
            #expect(try await stage.get("/v1/users/me", as: person).status == 200)
        }
    }

    @Test func `Whoever an administrator shuts out is refused until let in again, and everybody is told`() async throws {
        try await ModerationStage.with { stage in
            let service = stage.auth.service
            let made = try await stage.post(
                "/v1/rate-limits/blocks", BlockBody(identifier: "2001:DB8:1:2:3::4", identifierType: "ip"), as: stage.administrator)
            #expect(made.status == 201, "\(made)")
            let block: RateLimitRecord = try made.json()
            #expect(block.identifier == "2001:db8:1:2::/64" && block.isBlocked && block.blockedBy == stage.administrator.user.id)
            let event = try await stage.auth.tap.first(RateLimitBlocked.self)
            #expect(event.block.identifier == block.identifier && !event.isAutomatic && event.riskLevel == "high")
            let refused = try await service.get("/v1/configuration/public", headers: Self.from("2001:db8:1:2::99"))
            #expect(refused.status == 429 && refused.problem == "blocked" && refused.headers.contains(name: "Retry-After"))
            #expect(try await service.get("/v1/configuration/public", headers: Self.from("2001:db8:1:3::99")).status == 200)
            try await Requester.with(service.broker) { requests in
                let answer = try await requests.ask(ListConfiguration(), within: .seconds(30))
                #expect(answer.blocks.map(\.id) == [block.id])
            }
            let administrator = stage.auth.headers(stage.administrator)
            #expect(try await service.delete("/v1/rate-limits/blocks/\(block.id)", headers: administrator).status == 204)
            #expect(try await service.get("/v1/configuration/public", headers: Self.from("2001:db8:1:2::99")).status == 200)
            #expect(try await service.delete("/v1/rate-limits/blocks/\(block.id)", headers: administrator).status == 404)
            _ = try await stage.auth.tap.first(RateLimitUnblocked.self)

            let user = try await stage.post(
                "/v1/rate-limits/blocks", BlockBody(identifier: stage.person.user.id.uuidString, identifierType: "user"), as: stage.administrator)
            #expect(user.status == 201)
            #expect(try await stage.get("/v1/users/me", as: stage.person).status == 429)
            let own = try await stage.post(
                "/v1/rate-limits/blocks", BlockBody(identifier: stage.administrator.user.id.uuidString, identifierType: "user"),
                as: stage.administrator)
            #expect(own.status == 409)
            for body in [BlockBody(identifier: "everybody", identifierType: "ip"), BlockBody(identifier: "x", identifierType: "account")] {
                #expect(try await stage.post("/v1/rate-limits/blocks", body, as: stage.administrator).status == 422)
            }
            #expect(
                try await stage.post("/v1/rate-limits/blocks", BlockBody(identifier: "192.0.2.1", identifierType: "ip"), as: stage.moderator).status
                    == 403)
        }
    }

    @Test func `What the services report adds up to one row per window, and who goes on and on is shut out by itself`() async throws {
        try await ModerationStage.with { stage in
            let store = RateLimitStore(postgres: stage.auth.service.platform.postgres, rule: BlockRule(stage.auth.service.platform.configuration))
            let start = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 / 60).rounded(.down) * 60)
            func report(_ minute: Int, refused: Int) async throws {
                let window = RateLimitWindow(
                    identifier: "192.0.2.77", identifierType: "ip", endpoint: "anonymous", limitPerWindow: 5, windowSeconds: 60,
                    windowStart: start.addingTimeInterval(Double(minute) * 60), requestCount: refused + 1, refusedCount: refused)
                try await store.report([window])
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<10 { group.addTask { try await report(-3, refused: 1) } }
                try await group.waitForAll()
            }
            func records(_ query: String) async throws -> [RateLimitRecord] {
                try await stage.get("/v1/rate-limits?identifier=192.0.2.77" + query, as: stage.administrator).json(Page<RateLimitRecord>.self).items
            }
            #expect(try await records("").map { [$0.requestCount, $0.refusedCount] } == [[20, 10]])
            try await report(-2, refused: 7)
            #expect(try await records("&is_blocked=true").isEmpty)
            try await report(-1, refused: 7)
            #expect(try await records("&is_blocked=true").count == 1)
            let event = try await stage.auth.tap.first(RateLimitBlocked.self)
            #expect(event.isAutomatic && event.block.identifier == "192.0.2.77")
            try await eventually {
                try await stage.auth.service.get("/v1/configuration/public", headers: Self.from("192.0.2.77")).problem == "blocked"
            }
            try await report(0, refused: 7)
            #expect(try await records("&is_blocked=true").count == 1)
            #expect(try await stage.get("/v1/rate-limits", as: stage.moderator).status == 403)

            _ = try await stage.auth.sql(
                "UPDATE api_rate_limits SET window_start = window_start - interval '2 days', window_end = window_end - interval '2 days'")
            while try await store.deleteOld(most: 2) > 0 {}
            #expect(try await records("").count == 1)
        }
    }

    @Test func `The counts of auth itself are written down, and those that others send`() async throws {
        try await ModerationStage.with(settings: ["RATE_LIMIT_REPORT_PAUSE": "100ms", "RATE_LIMIT_ANONYMOUS": "10/1h"]) { stage in
            var last = 200
            while last != 429 { last = try await stage.auth.service.get("/v1/configuration/public", headers: Self.from("192.0.2.5")).status }
            func records(_ identifier: String) async throws -> [RateLimitRecord] {
                try await stage.get("/v1/rate-limits?identifier=\(identifier)", as: stage.administrator).json(Page<RateLimitRecord>.self).items
            }
            try await eventually {
                try await records("192.0.2.5").contains { $0.requestCount >= 11 && $0.refusedCount >= 1 && $0.endpoint == "anonymous" }
            }
            let process = UUID.v7()
            let command = ReportRateLimits(
                processID: process,
                windows: [
                    RateLimitWindow(
                        identifier: process.uuidString.lowercased(), identifierType: "user", endpoint: "user", limitPerWindow: 1200,
                        windowSeconds: 60,
                        windowStart: Date(timeIntervalSince1970: 1_795_000_020), requestCount: 130, refusedCount: 0)
                ])
            try await stage.auth.service.speaking(as: .catalog) { catalog in
                let id = UUID.v7()
                // Delivered twice is counted once.
                for _ in 0..<2 { try await catalog.ask(command, id: id) }
                try await eventually { try await records(process.uuidString).map(\.requestCount) == [130] }
            }
        }
    }

    private struct KeyBody: Encodable {
        var keyName: String
        var permissions = ["account.read"]
        enum CodingKeys: String, CodingKey {
            case permissions
            case keyName = "key_name"
        }
    }

    private struct BlockBody: Encodable {
        var identifier: String
        var identifierType: String
        var durationMinutes = 10
        var reason = "Tries passwords."
        enum CodingKeys: String, CodingKey {
            case identifier, reason
            case identifierType = "identifier_type"
            case durationMinutes = "duration_minutes"
        }
    }
}
