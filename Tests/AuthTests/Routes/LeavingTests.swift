import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct LeavingTests {
    @Test func `Whoever puts their account to rest comes back by signing in`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn("maria@example.org")
            let headers = auth.headers(signIn)
            let path = "/v1/users/me/deactivate"
            #expect(try await auth.service.post(path, ["password": "not my password"], headers: headers).status == 422)
            #expect(try await auth.service.post(path, ["password": AuthTest.password], headers: headers).status == 204)
            #expect(try await auth.service.get("/v1/users/me", headers: headers).status == 401)
            #expect(try await auth.refresh(signIn.refreshToken).status == 401)
            #expect(try await auth.tap.first(UserUpdated.self) { $0.user.status == "inactive" }.user.id == signIn.user.id)
            #expect(try await auth.tap.first(AccountChanged.self) { $0.change == "deactivated" }.userID == signIn.user.id)
            #expect(try await auth.login("maria@example.org", password: "not my password").status == 401)
            let back: SignIn = try await auth.login("maria@example.org").json()
            #expect(back.user.status == .active && back.user.id == signIn.user.id)
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(back)).status == 200)
        }
    }

    @Test func `An account at rest wakes when every factor has been shown, and not before`() async throws {
        try await FactorStage.with { stage in
            let path = "/v1/users/me/deactivate"
            #expect(try await stage.auth.service.post(path, ["password": AuthTest.password], headers: stage.headers).status == 204)
            let challenge = try await stage.challenge()
            #expect(try await stage.finish(challenge, .totp, "000000").problem == "wrong-code")
            #expect(try await stage.auth.sql("SELECT status FROM users")[0]["status"] == "inactive")
            #expect(stage.auth.tap.all(AccountChanged.self).allSatisfy { $0.change != "reactivated" })
            let back: SignIn = try await stage.finish(challenge, .totp, stage.code()).json()
            #expect(back.user.status == .active)
            #expect(try await stage.auth.service.get("/v1/users/me", headers: stage.auth.headers(back)).status == 200)
            #expect(try await stage.auth.tap.first(AccountChanged.self) { $0.change == "reactivated" }.userID == stage.signIn.user.id)
        }
    }

    @Test func `A passkey wakes its owner's account`() async throws {
        try await PasskeyStage.with { stage in
            let authenticator = SoftwareAuthenticator()
            _ = try await stage.registered(authenticator)
            #expect(try await stage.post("/v1/users/me/deactivate", ["password": AuthTest.password]).status == 204)
            let answer = try await stage.login(authenticator.sign(stage.signInChallenge(), user: stage.signIn.user.id))
            #expect(answer.status == 200, "\(answer)")
            #expect(try answer.json(SignIn.self).user.status == .active)
        }
    }

    @Test func `Who has no password comes back with their account elsewhere`() async throws {
        try await StandInIssuer.serve { issuer in
            try await OAuthStage.with(settings: OAuthStage.settings(issuer: issuer.url)) { stage in
                func signIn() async throws -> TestResponse {
                    let begun = try await stage.begin()
                    try issuer.say(try OAuthTests.claims(issuer, begun))
                    return try await stage.callback(begun)
                }
                let first: SignIn = try await signIn().json()
                let rest = try await stage.auth.service.post(
                    "/v1/users/me/deactivate", [String: String](), headers: stage.auth.headers(first))
                #expect(rest.status == 204, "\(rest)")
                let back = try await signIn()
                #expect(back.status == 200, "\(back)")
                #expect(try back.json(SignIn.self).user.status == .active)
            }
        }
    }

    @Test func `A forgotten password does not keep anybody from waking their account`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn("maria@example.org")
            let path = "/v1/users/me/deactivate"
            #expect(try await auth.service.post(path, ["password": AuthTest.password], headers: auth.headers(signIn)).status == 204)
            #expect(try await auth.service.post("/v1/auth/password/forgot", ["email": "maria@example.org"]).status == 202)
            let token = try await auth.token(of: "password_reset", to: "maria@example.org")
            let choice = ["token": token, "password": "quite another sentence"]
            #expect(try await auth.service.post("/v1/auth/password/reset", choice).status == 204)
            #expect(try await auth.login("maria@example.org", password: "quite another sentence").json(SignIn.self).user.status == .active)
        }
    }

    @Test func `A deleted account keeps no personal column`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn("maria@example.org")
            _ = try await auth.sql(
                """
                UPDATE users SET username = 'maria', phone = '0301234567', date_of_birth = '1990-01-01', gender = 'f', nationality = 'DE',
                    avatar_url = 'https://example.org/a', bio = 'b', location = 'Berlin', preferences = '{"a":1}', full_name = 'Maria',
                    last_name = 'M', locale = 'en-GB', timezone = 'Europe/London', marketing_consent = true, gdpr_consent_given = true,
                    gdpr_consent_date = now(), analytics_consent = true, data_processing_consent = true, user_type = 'agent', email_verified = true
                WHERE id = \(signIn.user.id)
                """)
            var headers = auth.headers(signIn)
            headers.add(name: "Content-Type", value: "application/json")
            let body = Array(#"{"password":"\#(AuthTest.password)"}"#.utf8)
            let answer = try await auth.service.request(.DELETE, "/v1/users/me", body: body, headers: headers)
            #expect(answer.status == 202, "\(answer)")
            // Whatever differs from an empty account that was never used, but for what makes it a gravestone.
            let rows = try await auth.sql(
                """
                WITH gone AS (SELECT to_jsonb(u) AS body FROM users u WHERE id = \(signIn.user.id)),
                    empty AS (SELECT jsonb_object_agg(column_name, column_default) AS body FROM information_schema.columns
                        WHERE table_schema = 'auth' AND table_name = 'users')
                SELECT c.key, c.value #>> '{}' AS value FROM gone, jsonb_each(gone.body) c, empty
                WHERE c.value <> 'null' AND c.value #>> '{}' <> split_part(trim(BOTH '''' FROM COALESCE(empty.body ->> c.key, '')), '''', 1)
                """)
            let kept = Set(try rows.map { try $0["key"] as String })
            #expect(kept == ["id", "email", "status", "version", "created_at", "updated_at", "deleted_at"])
            let values = Dictionary(uniqueKeysWithValues: try rows.map { (try $0["key"] as String, try $0["value"] as String) })
            #expect(values["email"] == "deleted@hearth.invalid")
            for table: SQL in ["user_sessions", "api_keys", "email_changes", "agency_members"] {
                #expect(try await auth.sql("SELECT 1 AS one FROM \(table) WHERE user_id = \(signIn.user.id)").isEmpty)
            }
        }
    }
}
