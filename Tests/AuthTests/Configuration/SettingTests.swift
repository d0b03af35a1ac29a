import Contracts
import Foundation
import NIOHTTP1
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct SettingTests {
    @Test func `A setting is typed, held to its rules, guarded by its version, and every change is an event with what was before`() async throws {
        try await ModerationStage.with { stage in
            let administrator = stage.auth.headers(stage.administrator)
            let service = stage.auth.service
            let path = "/v1/configuration/catalog.match_threshold"
            let known: Setting = try await service.get(path, headers: administrator).json()
            #expect(known.dataType == .number && known.value == .number(0.6) && !known.isActive)

            for (body, place) in [(#"{"value": "high"}"#, "value"), (#"{"value": 1.5}"#, "maximum"), (#"{"value": null}"#, "value")] {
                let answer = try await service.request(.PATCH, path, body: Array(body.utf8), headers: Self.json(administrator))
                #expect(answer.status == 422 && answer.text.contains(place), "\(answer)")
            }
            let changed: Setting = try await stage.patch(path, #"{"value": 0.7, "is_active": true}"#, as: stage.administrator).json()
            #expect(changed.value == .number(0.7) && changed.isActive && changed.updatedBy == stage.administrator.user.id)
            let event = try await stage.auth.tap.first(ConfigurationChanged.self)
            #expect(event.key == known.key && event.before?.value == "0.6" && event.after?.value == "0.7" && event.riskLevel == "high")
            #expect(Set(event.changedFields) == ["value", "is_active"])
            let stale = try await service.request(
                .PATCH, path, body: Array("{}".utf8), headers: Self.json(administrator, ["If-Match": "\"\(known.version)\""]))
            #expect(stale.status == 412)

            // Every other service is told what is active, and nothing else.
            try await Requester.with(service.broker) { requests in
                let answer = try await requests.ask(ListConfiguration(), within: .seconds(30))
                #expect(answer.settings.map(\.key) == ["catalog.match_threshold", "site.name"])
                #expect(answer.settings[0].value == "0.7")
            }
        }
    }

    @Test func `A sensitive value lies sealed and is never shown again, in answers, events or tables`() async throws {
        try await ModerationStage.with { stage in
            let secret = "sk_live_0123456789abcdef"
            let made = try await stage.post(
                "/v1/configuration",
                SettingBody(key: "mail.api_key", value: secret, dataType: "string", isSensitive: true, validationRules: ["minLength": 10]),
                as: stage.administrator)
            #expect(made.status == 201 && !made.text.contains(secret), "\(made)")
            let setting: Setting = try made.json()
            #expect(setting.value == nil && setting.valueHint == "…cdef")
            let row = try await stage.auth.sql("SELECT value::text AS value FROM system_configuration WHERE key = 'mail.api_key'")[0]
            #expect(!(try row["value"] as String).contains(secret))
            let event = try await stage.auth.tap.first(ConfigurationChanged.self)
            #expect(event.after?.value == nil && event.after?.isSensitive == true && event.riskLevel == "high")
            #expect(stage.auth.service.platform.configuration.value(ConfigurationKey<String>("mail.api_key")) == secret)

            let path = "/v1/configuration/mail.api_key"
            #expect(try await stage.patch(path, #"{"is_sensitive": false}"#, as: stage.administrator).status == 422)
            #expect(try await stage.patch(path, #"{"is_public": true}"#, as: stage.administrator).status == 422)
            let short = try await stage.patch(path, #"{"value": "short"}"#, as: stage.administrator)
            #expect(short.status == 422 && short.text.contains("minLength") && !short.text.contains(secret))
            #expect(try await stage.patch(path, #"{"value": "another secret"}"#, as: stage.administrator).status == 200)
            #expect(stage.auth.service.platform.configuration.value(ConfigurationKey<String>("mail.api_key")) == "another secret")
        }
    }

    @Test func `Anybody reads what is public and active, with a tag that says whether it changed`() async throws {
        try await ModerationStage.with { stage in
            let path = "/v1/configuration/public"
            let first = try await stage.auth.service.get(path)
            #expect(first.status == 200 && first.text.contains("site.name") && !first.text.contains("rate_limits"))
            let tag = try #require(first.headers.first(name: "ETag"))
            #expect(try await stage.auth.service.get(path, headers: ["If-None-Match": tag]).status == 304)
            #expect(try await stage.patch("/v1/configuration/site.name", #"{"value": "Herd"}"#, as: stage.moderator).status == 404)
            #expect(try await stage.patch("/v1/configuration/site.name", #"{"value": "Herd"}"#, as: stage.administrator).status == 200)
            let second = try await stage.auth.service.get(path, headers: ["If-None-Match": tag])
            #expect(second.status == 200 && second.text.contains("Herd"))
        }
    }

    @Test func `A moderator sets what is no setting of the system, by its value alone`() async throws {
        try await ModerationStage.with { stage in
            let listed: Page<Setting> = try await stage.get("/v1/configuration", as: stage.moderator).json()
            #expect(listed.items.map(\.key) == ["moderation.reports_per_day", "site.notice"])
            let path = "/v1/configuration/moderation.reports_per_day"
            #expect(try await stage.patch(path, #"{"validation_rules": null}"#, as: stage.moderator).status == 403)
            #expect(try await stage.patch(path, #"{"value": 1, "is_active": true}"#, as: stage.moderator).status == 200)
            #expect(try await stage.report().status == 201)
            #expect(try await stage.report().status == 429)
            #expect(try await stage.auth.service.delete(path, headers: stage.auth.headers(stage.moderator)).status == 403)
            #expect(try await stage.get("/v1/configuration", as: stage.person).status == 403)
            #expect(try await stage.get("/v1/configuration/rate_limits.user", as: stage.moderator).status == 404)
            // The database holds the same.
            let moderator = Caller(userID: stage.moderator.user.id, sessionID: .v7(), role: .moderator)
            let postgres = stage.auth.service.platform.postgres
            let changes: [SQL] = ["UPDATE system_configuration SET value = '1' WHERE key = 'rate_limits.user' RETURNING id"]
            #expect(try await postgres.batch(as: moderator, changes)[0].isEmpty)
            await #expect { () async throws -> Void in
                _ = try await postgres.batch(
                    as: moderator, ["UPDATE system_configuration SET is_public = true WHERE key = 'moderation.reports_per_day'"])
            } throws: { ($0 as? PostgresError)?.sqlState == .insufficientPrivilege }
            let seen: Int = try await postgres.batch(as: AnonymousCaller(), ["SELECT count(*) AS n FROM system_configuration"])[0][0]["n"]
            #expect(seen == 1)
        }
    }

    @Test func `A setting is made once, deleted by its version, and one with rules that are none is refused`() async throws {
        try await ModerationStage.with { stage in
            let body = SettingBody(key: "scraper.user_agent", value: "Hearth", dataType: "string")
            #expect(try await stage.post("/v1/configuration", body, as: stage.administrator).status == 201)
            let again = try await stage.post("/v1/configuration", body, as: stage.administrator)
            #expect(again.status == 409 && again.text.contains("setting-exists"))
            for body in [
                SettingBody(key: "Scraper", value: "x", dataType: "string"), SettingBody(key: "a.b", value: "x", dataType: "number"),
                SettingBody(key: "a.b", value: "x", dataType: "string", validationRules: ["maximal": 3]),
                SettingBody(key: "a.b", value: "x", dataType: "string", isSensitive: true, isPublic: true),
            ] {
                #expect(try await stage.post("/v1/configuration", body, as: stage.administrator).status == 422)
            }
            let administrator = stage.auth.headers(stage.administrator)
            #expect(try await stage.auth.service.delete("/v1/configuration/scraper.user_agent", headers: administrator).status == 204)
            #expect(try await stage.auth.service.get("/v1/configuration/scraper.user_agent", headers: administrator).status == 404)
        }
    }

    private static func json(_ headers: HTTPHeaders, _ more: [String: String] = [:]) -> HTTPHeaders {
        var headers = headers
        headers.add(name: "Content-Type", value: "application/json")
        for (name, value) in more { headers.add(name: name, value: value) }
        return headers
    }
}

private struct SettingBody: Encodable {
    var key: String
    var value: String
    var dataType: String
    var isSensitive = false
    var isPublic = false
    var validationRules: [String: Int]?

    enum CodingKeys: String, CodingKey {
        case key, value
        case dataType = "data_type"
        case isSensitive = "is_sensitive"
        case isPublic = "is_public"
        case validationRules = "validation_rules"
    }
}
