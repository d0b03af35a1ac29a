import Contracts
import Crypto
import Foundation
import JWTKit
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct OAuthTests {
    @Test(.enabled(if: OpenIDProvider.isThere, OpenIDProvider.whyNot))
    func `Somebody signs in with a provider of another make, and again`() async throws {
        try await OpenIDProvider.with { provider in
            try await provider.add("mia-there", #"{"email":"Mia@Example.org","email_verified":true,"given_name":"Mia","name":"Mia Muster"}"#)
            try await OAuthStage.with(settings: OAuthStage.settings(issuer: provider.issuer)) { stage in
                let begun = try await stage.begin()
                let asked = try URL.query(of: begun.authorizationURL)
                #expect(asked["code_challenge_method"] == "S256" && asked["response_type"] == "code" && asked["nonce"]?.isEmpty == false)
                let back = try await provider.agree(begun.authorizationURL, as: "mia-there")
                #expect(back["state"] == asked["state"])
                let answer = try await stage.callback(begun, code: try #require(back["code"]), state: back["state"])
                #expect(answer.status == 200, "\(answer)")
                let first: SignIn = try answer.json()
                #expect(first.user.email == "mia@example.org" && first.user.emailVerified && first.user.firstName == "Mia")
                // State and code are good once.
                #expect(try await stage.callback(begun, code: try #require(back["code"])).problem == "attempt-ended")

                let again = try await stage.begin()
                let returned = try await provider.agree(again.authorizationURL, as: "mia-there")
                let second: SignIn = try await stage.callback(again, code: try #require(returned["code"])).json()
                #expect(second.user.id == first.user.id)

                // A code of another attempt fits no verifier but its own.
                let (one, other) = (try await stage.begin(), try await stage.begin())
                let stolen = try await provider.agree(one.authorizationURL, as: "mia-there")
                #expect(try await stage.callback(other, code: try #require(stolen["code"])).problem == "provider-refused")

                let row = try #require(try await stage.auth.sql("SELECT access_token_encrypted, provider_user_id FROM oauth_connections").first)
                #expect(try row["provider_user_id"] == "mia-there")
                let sealed: Data = try row["access_token_encrypted"]
                let plain = try stage.auth.service.platform.encryption.openString(
                    Array(sealed), context: "auth.oauth_connections.access_token")
                #expect(!plain.isEmpty && sealed.range(of: Data(plain.utf8)) == nil)
            }
        }
    }

    @Test func `An id_token is believed only when it is the issuer's, for us, of this attempt and of now`() async throws {
        try await StandInIssuer.serve { issuer in
            try await OAuthStage.with(settings: OAuthStage.settings(issuer: issuer.url)) { stage in
                func answer(
                    _ change: (inout [String: any Sendable]) -> Void = { _ in }, header: [String: String]? = nil, signedBy: ES256PrivateKey? = nil,
                    hmac: Data? = nil
                ) async throws -> TestResponse {
                    let begun = try await stage.begin()
                    var claims = try Self.claims(issuer, begun)
                    change(&claims)
                    try issuer.say(claims, header: header, signedBy: signedBy, hmac: hmac)
                    return try await stage.callback(begun)
                }
                let refused: [(String, TestResponse)] = [
                    ("another issuer", try await answer { $0["iss"] = "https://evil.example" }),
                    ("another audience", try await answer { $0["aud"] = "somebody" }),
                    (
                        "made for another party",
                        try await answer {
                            $0["aud"] = ["hearth", "other"]
                            $0["azp"] = "other"
                        }
                    ),
                    ("several audiences and no party", try await answer { $0["aud"] = ["hearth", "other"] }),
                    ("expired", try await answer { $0["exp"] = Int(Date().timeIntervalSince1970) - 10 }),
                    ("of the future", try await answer { $0["iat"] = Int(Date().timeIntervalSince1970) + 3600 }),
                    ("another nonce", try await answer { $0["nonce"] = "other" }),
                    ("no nonce", try await answer { $0["nonce"] = nil }),
                    ("another key", try await answer(signedBy: ES256PrivateKey())),
                    ("alg none", try await answer(header: ["alg": "none", "typ": "JWT"])),
                    ("HS256 with the public key", try await answer(header: ["alg": "HS256", "kid": "one"], hmac: issuer.publicPEM)),
                    ("HS256 with the key set's shared key", try await answer(header: ["alg": "HS256", "kid": "zero"], hmac: Data(count: 3))),
                ]
                for (what, answer) in refused { #expect(answer.status == 422 && answer.problem == "provider-refused", "\(what): \(answer)") }
                #expect(try await stage.auth.sql("SELECT count(*) AS n FROM users").first?["n"] == 0)
                let good = try await answer()
                #expect(good.status == 200, "\(good)")
                #expect(issuer.forms.allSatisfy { $0.contains("code_verifier=") && $0.contains("grant_type=authorization_code") })
            }
        }
    }

    @Test func `An account is never taken over by an address`() async throws {
        try await StandInIssuer.serve { issuer in
            try await OAuthStage.with(settings: OAuthStage.settings(issuer: issuer.url)) { stage in
                func signIn(_ subject: String, verified: Bool) async throws -> TestResponse {
                    let begun = try await stage.begin()
                    var claims = try Self.claims(issuer, begun)
                    (claims["sub"], claims["email_verified"]) = (subject, verified)
                    try issuer.say(claims)
                    return try await stage.callback(begun)
                }
                // Somebody has an account with the address and has not shown that it is theirs.
                let squatter = try await stage.auth.signedIn("mia@example.org")
                #expect(try await signIn("mia", verified: false).problem == "email-not-verified-there")
                #expect(try await signIn("mia", verified: true).problem == "account-exists")
                // Both sides have verified it.
                _ = try await stage.auth.sql("UPDATE users SET email_verified = true")
                let linked: SignIn = try await signIn("mia", verified: true).json()
                #expect(linked.user.id == squatter.user.id)
                // One of a provider at most: another subject with the same address is somebody else.
                #expect(try await signIn("other", verified: true).problem == "account-exists")
                #expect(try await signIn("mia", verified: false).status == 200)
            }
            try await OAuthStage.with(settings: OAuthStage.settings(issuer: issuer.url, trusted: false)) { stage in
                let begun = try await stage.begin()
                try issuer.say(try Self.claims(issuer, begun))
                #expect(try await stage.callback(begun).problem == "email-not-verified-there")
            }
        }
    }

    @Test func `Only who began an attempt finishes it, once and in time`() async throws {
        try await StandInIssuer.serve { issuer in
            try await OAuthStage.with(settings: OAuthStage.settings(issuer: issuer.url)) { stage in
                let begun = try await stage.begin()
                try issuer.say(try Self.claims(issuer, begun))
                var foreign = begun
                foreign.attemptToken = OpaqueToken.random().text
                #expect(try await stage.callback(foreign).problem == "attempt-ended")
                #expect(try await stage.callback(begun, state: OpaqueToken.random().text).problem == "attempt-ended")
                let mia = try await stage.auth.signedIn("tom@example.org")
                #expect(try await stage.callback(begun, headers: stage.auth.headers(mia)).problem == "attempt-ended")
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<20 { group.addTask { try await stage.callback(begun).status } }
                    return try await group.reduce(into: [Int]()) { $0.append($1) }
                }
                #expect(statuses.count { $0 == 200 } == 1 && statuses.count { $0 == 422 } == 19, "\(statuses)")
                let late = try await stage.begin()
                _ = try await stage.auth.sql("UPDATE oauth_attempts SET expires_at = now() - interval '1 second'")
                #expect(try await stage.callback(late).problem == "attempt-ended")
                let unknown = try await stage.auth.service.post("/v1/auth/oauth/providers/nobody/authorize", [String: String]())
                #expect(unknown.status == 404)
            }
        }
    }

    @Test func `An account connects, signs in with it, and disconnects`() async throws {
        try await StandInIssuer.serve { issuer in
            try await OAuthStage.with(settings: OAuthStage.settings(issuer: issuer.url, trusted: false)) { stage in
                let tom = try await stage.auth.signedIn("tom@example.org")
                let headers = stage.auth.headers(tom)
                #expect(try await stage.beginConnecting(headers, password: nil).status == 422)
                #expect(try await stage.beginConnecting(headers, password: "not the password").problem == "wrong-password")
                let begun: BegunOAuth = try await stage.beginConnecting(headers).json()
                try issuer.say(try Self.claims(issuer, begun))
                let connected = try await stage.callback(begun, headers: headers)
                #expect(connected.status == 201, "\(connected)")
                let connection: OAuthConnection = try connected.json()
                let again = try await stage.begin()
                try issuer.say(try Self.claims(issuer, again))
                let signIn: SignIn = try await stage.callback(again).json()
                #expect(signIn.user.id == tom.user.id)

                let eve = try await stage.auth.signedIn("eve@example.org")
                let theirs: BegunOAuth = try await stage.beginConnecting(stage.auth.headers(eve)).json()
                try issuer.say(try Self.claims(issuer, theirs))
                #expect(try await stage.callback(theirs, headers: stage.auth.headers(eve)).problem == "connected-elsewhere")

                let path = "/v1/users/me/oauth-connections/\(connection.id.uuidString.lowercased())"
                #expect(try await stage.auth.service.request(.DELETE, path, headers: stage.auth.headers(eve)).status == 404)
                _ = try await stage.auth.sql("UPDATE users SET password_hash = NULL WHERE email = 'tom@example.org'")
                #expect(try await stage.auth.service.request(.DELETE, path, headers: headers).problem == "last-sign-in-method")
                _ = try await stage.auth.sql("UPDATE users SET password_hash = 'x' WHERE email = 'tom@example.org'")
                #expect(try await stage.auth.service.request(.DELETE, path, headers: headers).status == 204)
                for change in ["connected", "disconnected"] {
                    _ = try await stage.auth.tap.first(OAuthConnectionChanged.self) { $0.change == change && $0.userID == tom.user.id }
                }
                try await eventually { stage.auth.tap.all(EventTap.Mail.self).count { $0.template == "connection_changed" } >= 2 }
            }
        }
    }

    @Test func `Second factors are asked for here as well`() async throws {
        try await StandInIssuer.serve { issuer in
            try await OAuthStage.with(settings: OAuthStage.settings(issuer: issuer.url)) { stage in
                let first = try await stage.begin()
                try issuer.say(try Self.claims(issuer, first))
                let signIn: SignIn = try await stage.callback(first).json()
                // An account without a password: its sign-in a moment ago stands in for one.
                let enrolment = try await FactorStage.enrol(["factor_type": "email"], stage.auth, stage.auth.headers(signIn))
                #expect(enrolment.status == 201, "\(enrolment)")
                _ = try await stage.auth.sql("UPDATE mfa_factors SET confirmed_at = now()")
                _ = try await stage.auth.sql("UPDATE users SET mfa_enabled = true")
                let second = try await stage.begin()
                try issuer.say(try Self.claims(issuer, second))
                let answer = try await stage.callback(second)
                #expect(answer.status == 202)
                #expect(try answer.json(FactorChallenge.self).methods.map(\.method) == [.email])
            }
        }
    }

    @Test func `A plain OAuth 2 server tells by its page who somebody is`() async throws {
        try await StandInIssuer.serve { server in
            let settings = [
                "OAUTH_PROVIDERS": "facebook", "OAUTH_FACEBOOK_CLIENT_ID": "hearth", "OAUTH_FACEBOOK_CLIENT_SECRET": "a secret",
                "OAUTH_FACEBOOK_AUTHORIZATION_URL": "\(server.url)/dialog", "OAUTH_FACEBOOK_TOKEN_URL": "\(server.url)/token",
                "OAUTH_FACEBOOK_USERINFO_URL": "\(server.url)/me", "OAUTH_FACEBOOK_TRUST_EMAIL": "true",
            ]
            try await OAuthStage.with(settings: settings) { stage in
                server.show(#"{"id":"123","name":"Mia Muster","first_name":"Mia","email":"mia@example.org"}"#)
                let begun = try await stage.begin("facebook")
                #expect(begun.authorizationURL.hasPrefix("\(server.url)/dialog?"))
                let signIn: SignIn = try await stage.callback(begun).json()
                #expect(signIn.user.email == "mia@example.org" && signIn.user.firstName == "Mia")
                server.show(#"{"name":"nobody"}"#)
                #expect(try await stage.callback(stage.begin("facebook")).problem == "provider-refused")
                let listed = try await stage.auth.service.get("/v1/auth/oauth/providers").json(OAuthRoutes.List<OAuthRoutes.Provider>.self)
                #expect(listed.items.map(\.label) == ["Facebook"])
            }
        }
    }

    @Test func `A provider that is away is 503, and no attempt is lost`() async throws {
        try await OAuthStage.with(settings: OAuthStage.settings(issuer: "http://127.0.0.1:1")) { stage in
            let answer = try await stage.auth.service.post("/v1/auth/oauth/providers/acme/authorize", [String: String]())
            #expect(answer.status == 503 && answer.headers.first(name: "Retry-After") != nil)
        }
    }

    @Test func `Settings of a provider are whole or named at the start`() throws {
        #expect(try OAuthProvider.all(Settings([:])).isEmpty)
        #expect(throws: SettingError.self) { try OAuthProvider.all(Settings(["OAUTH_PROVIDERS": "google"])) }
        #expect(throws: SettingError.self) { try OAuthProvider.all(Settings(["OAUTH_PROVIDERS": "No Name"])) }
        let acme = ["OAUTH_PROVIDERS": "acme", "OAUTH_ACME_CLIENT_ID": "x", "OAUTH_ACME_CLIENT_SECRET": "y"]
        #expect(throws: SettingError.self) { try OAuthProvider.all(Settings(acme)) }
    }

    static func claims(_ issuer: StandInIssuer, _ begun: BegunOAuth) throws -> [String: any Sendable] {
        let now = Int(Date().timeIntervalSince1970)
        return [
            "iss": issuer.url, "sub": "mia", "aud": "hearth", "exp": now + 600, "iat": now,
            "nonce": try #require(try URL.query(of: begun.authorizationURL)["nonce"]), "email": "mia@example.org", "email_verified": true,
        ]
    }
}
