import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct FeatureFlagRouteTests {
    @Test func `A flag is made, evaluated for who asks, changed and deleted; each is an event, and nobody else may`() async throws {
        try await ModerationStage.with { stage in
            let made = try await stage.post(
                "/v1/feature-flags",
                NewFlag(name: "new_search", enabled: true, config: FeatureFlagRules(rules: [.init(users: [stage.person.user.id])])),
                as: stage.administrator)
            #expect(made.status == 201, "\(made)")
            func flags(_ who: SignIn?) async throws -> [String: Bool] {
                let answer = try await stage.auth.service.get(
                    "/v1/feature-flags/evaluated", headers: who.map { stage.auth.headers($0) } ?? [:])
                return try answer.json(FeatureFlagRoutes.Evaluated.self).flags
            }
            #expect(try await flags(stage.person) == ["new_search": true])
            #expect(try await flags(stage.moderator) == ["new_search": false])
            #expect(try await flags(nil) == ["new_search": false])
            let again = try await stage.post("/v1/feature-flags", NewFlag(name: "new_search"), as: stage.administrator)
            #expect(again.status == 409 && again.text.contains("flag-exists"))

            let path = "/v1/feature-flags/new_search"
            #expect(try await stage.patch(path, #"{"config": {"rules": [{"percentage": 100}]}}"#, as: stage.administrator).status == 200)
            #expect(try await flags(stage.moderator) == ["new_search": true])
            let event = try await stage.auth.tap.first(FeatureFlagChanged.self) { $0.change == "updated" }
            #expect(event.before?.config.rules.first?.users == [stage.person.user.id] && event.after?.config.rules.first?.percentage == 100)
            for body in [
                #"{"config": {"rules": [{"percentage": 101}]}}"#, #"{"config": {"rules": [{}]}}"#,
                #"{"config": {"rules": [{"percentage": 1, "users": []}]}}"#,
            ] {
                #expect(try await stage.patch(path, body, as: stage.administrator).status == 422)
            }
            #expect(try await stage.patch(path, #"{"enabled": false}"#, as: stage.administrator).status == 200)
            #expect(try await flags(stage.person) == ["new_search": false])

            for who in [stage.person, stage.moderator] {
                #expect(try await stage.get("/v1/feature-flags", as: who).status == 403)
                #expect(try await stage.patch(path, "{}", as: who).status == 403)
                let caller = Caller(userID: who.user.id, sessionID: .v7(), role: who.user.role)
                let seen: Int = try await stage.auth.service.platform.postgres.batch(
                    as: caller, ["SELECT count(*) AS n FROM feature_flags"])[0][0]["n"]
                #expect(seen == 0)
            }
            #expect(try await stage.auth.service.delete(path, headers: stage.auth.headers(stage.administrator)).status == 204)
            #expect(try await flags(stage.person).isEmpty)
        }
    }

    private struct NewFlag: Encodable {
        var name: String
        var enabled = false
        var config = FeatureFlagRules()
    }
}
