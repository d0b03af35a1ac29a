import ClientKit
import Contracts
import Crypto
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct PasskeyTests {
    @Test func `A passkey signs its owner in without a name or password, and says that it was shown`() async throws {
        try await PasskeyStage.with { stage in
            let authenticator = SoftwareAuthenticator()
            let made = try await stage.registered(authenticator)
            #expect(made.passkey.label == "Key ring" && made.passkey.transports == ["internal"] && made.backupCodes?.count == 10)
            let answer = try await stage.login(authenticator.sign(stage.signInChallenge(), user: stage.signIn.user.id))
            #expect(answer.status == 200, "\(answer)")
            let signIn: SignIn = try answer.json()
            #expect(signIn.user.id == stage.signIn.user.id && signIn.user.mfaEnabled)
            let claims = try JSONDecoder().decode(
                AccessClaims.self, from: try #require(Data(base64URL: signIn.accessToken.split(separator: ".")[1])))
            #expect(claims.methods == ["pop", "user", "mfa"] && claims.secondFactorAt != nil)
            #expect(try await stage.auth.tap.first(SecondFactorChanged.self).factorType == "passkey")
        }
    }

    @Test func `The last thing that signs somebody in is not taken away`() async throws {
        try await PasskeyStage.with { stage in
            let made = try await stage.registered(SoftwareAuthenticator())
            _ = try await stage.auth.sql("UPDATE users SET password_hash = NULL")
            let path = "/v1/users/me/passkeys/\(made.passkey.id)"
            #expect(try await stage.auth.service.delete(path, headers: stage.headers).problem == "last-sign-in-method")
            _ = try await stage.auth.sql("UPDATE users SET password_hash = 'x'")
            #expect(try await stage.auth.service.delete(path, headers: stage.headers).status == 204)
        }
    }

    @Test func `Guessing at the password locks nobody out of their passkey`() async throws {
        try await PasskeyStage.with { stage in
            let authenticator = SoftwareAuthenticator()
            _ = try await stage.registered(authenticator)
            _ = try await stage.auth.sql("UPDATE users SET locked_until = now() + interval '1 hour'")
            #expect(try await stage.login(authenticator.sign(stage.signInChallenge())).status == 200)
            _ = try await stage.auth.sql("UPDATE users SET status = 'suspended'")
            #expect(try await stage.login(authenticator.sign(stage.signInChallenge())).problem == "account-suspended")
        }
    }

    @Test func `What is not the passkey's signature of this challenge signs nobody in`() async throws {
        try await PasskeyStage.with { stage in
            let authenticator = SoftwareAuthenticator()
            _ = try await stage.registered(authenticator)
            func refused(_ what: String, _ credential: [String: JSONValue]) async throws {
                let answer = try await stage.login(credential)
                #expect(answer.status == 401 && answer.problem == "invalid-credentials", "\(what): \(answer)")
            }
            func altered(_ change: (inout SoftwareAuthenticator) -> Void) -> SoftwareAuthenticator {
                var other = authenticator
                change(&other)
                return other
            }
            try await refused("another key", authenticator.sign(stage.signInChallenge(), with: P256.Signing.PrivateKey()))
            try await refused("a made-up challenge", authenticator.sign(OpaqueToken.random().text))
            try await refused("a challenge for another purpose", authenticator.sign(stage.creationChallenge()))
            try await refused("another origin", altered { $0.origin = "http://hearth.test.evil.example" }.sign(stage.signInChallenge()))
            try await refused("another domain", altered { $0.rp = "evil.example" }.sign(stage.signInChallenge()))
            try await refused("nobody there", altered { $0.flags = 0x04 }.sign(stage.signInChallenge()))
            try await refused("the user not verified", altered { $0.flags = 0x01 }.sign(stage.signInChallenge()))
            try await refused("another's handle", authenticator.sign(stage.signInChallenge(), user: UUID()))
            try await refused("an unknown credential", altered { $0.credentialID = OpaqueToken.randomBytes() }.sign(stage.signInChallenge()))
            try await refused("another ceremony", authenticator.sign(stage.signInChallenge(), type: "webauthn.create"))
            let late = try await stage.signInChallenge()
            _ = try await stage.auth.sql("UPDATE passkey_challenges SET expires_at = now() - interval '1 second'")
            try await refused("a late answer", authenticator.sign(late))
        }
    }

    @Test func `Fifty who present one signature at once: one gets in`() async throws {
        try await PasskeyStage.with { stage in
            let authenticator = SoftwareAuthenticator()
            _ = try await stage.registered(authenticator)
            let credential = try authenticator.sign(try await stage.signInChallenge())
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 { group.addTask { try await stage.login(credential).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 200 } == 1 && statuses.count { $0 == 401 } == 49, "\(statuses)")
        }
    }

    @Test func `A counter that goes back is noted`() async throws {
        try await PasskeyStage.with { stage in
            var authenticator = SoftwareAuthenticator()
            authenticator.count = 7
            _ = try await stage.registered(authenticator)
            authenticator.count = 9
            #expect(try await stage.login(authenticator.sign(stage.signInChallenge())).status == 200)
            #expect(stage.auth.tap.all(SecondFactorFailed.self).isEmpty)
            authenticator.count = 8
            #expect(try await stage.login(authenticator.sign(stage.signInChallenge())).status == 200)
            let noted = try await stage.auth.tap.first(SecondFactorFailed.self)
            #expect(noted.reason == "clone_suspected" && noted.method == "passkey")
            let row = try #require(try await stage.auth.sql("SELECT sign_count FROM passkeys").first)
            #expect(try row["sign_count"] == 9)
        }
    }

    @Test func `A passkey is a second factor, at a sign-in and within a session`() async throws {
        try await PasskeyStage.with { stage in
            var authenticator = SoftwareAuthenticator()
            // Present is enough beside a password.
            _ = try await stage.registered(authenticator)
            authenticator.flags = 0x01
            let challenge: FactorChallenge = try await stage.auth.login("mia@example.org").json()
            #expect(challenge.methods.map(\.method) == [.backupCode, .passkey])
            let token = ["challenge_token": challenge.challengeToken]
            let options: PasskeyStage.Challenge = try await stage.post("/v1/auth/login/second-factor/passkey", token, anonymous: true).json()
            func answer(_ challenge: FactorChallenge, _ credential: [String: JSONValue]) -> [String: JSONValue] {
                ["challenge_token": .text(challenge.challengeToken), "method": .text("passkey"), "credential": .object(credential)]
            }
            let path = "/v1/auth/login/second-factor"
            #expect(try await stage.post(path, ["challenge_token": challenge.challengeToken, "method": "passkey"], anonymous: true).status == 422)
            let stray = try authenticator.sign(try await stage.signInChallenge())
            #expect(try await stage.post(path, answer(challenge, stray), anonymous: true).problem == "wrong-code")
            let signature = try authenticator.sign(options.publicKey.challenge)
            let finished = try await stage.post(path, answer(challenge, signature), anonymous: true)
            #expect(finished.status == 200, "\(finished)")

            let begun: FactorChallenge = try await stage.post("/v1/auth/step-up", [String: String]()).json()
            let asked: PasskeyStage.Challenge = try await stage.post(
                "/v1/auth/step-up/second-factor/passkey", ["challenge_token": begun.challengeToken]
            ).json()
            let stepped = try await stage.post(
                "/v1/auth/step-up/second-factor", answer(begun, try authenticator.sign(asked.publicKey.challenge)))
            #expect(stepped.status == 200, "\(stepped)")
        }
    }

    @Test func `A new passkey is believed only when it is for here, verified, and new`() async throws {
        try await PasskeyStage.with { stage in
            let options = try await stage.post("/v1/users/me/passkeys/options", [String: String]())
            #expect(options.status == 422, "the password is asked for")
            func refused(_ what: String, _ change: (inout SoftwareAuthenticator) -> Void, type: String = "webauthn.create") async throws {
                var authenticator = SoftwareAuthenticator()
                change(&authenticator)
                let answer = try await stage.register(authenticator.register(stage.creationChallenge(), type: type))
                #expect(answer.status == 422 && answer.problem == "passkey-refused", "\(what): \(answer)")
            }
            try await refused("another origin") { $0.origin = "https://evil.example" }
            try await refused("another domain") { $0.rp = "evil.example" }
            try await refused("not verified") { $0.flags = 0x01 }
            try await refused("another ceremony", { _ in }, type: "webauthn.get")
            let made = try SoftwareAuthenticator().register(OpaqueToken.random().text)
            #expect(try await stage.register(made).problem == "passkey-refused")
            let authenticator = SoftwareAuthenticator()
            _ = try await stage.registered(authenticator)
            let again = try await stage.register(authenticator.register(stage.creationChallenge()))
            #expect(again.status == 409, "\(again)")
            var garbled = try SoftwareAuthenticator().register(try await stage.creationChallenge())
            if case .object(var response) = garbled["response"] {
                response["attestationObject"] = .text(Data(repeating: 0xA3, count: 40).base64URL)
                garbled["response"] = .object(response)
            }
            #expect(try await stage.register(garbled).problem == "passkey-refused")
        }
    }

    @Test func `Passkeys are listed, renamed and removed by their owner alone`() async throws {
        try await PasskeyStage.with { stage in
            let made = try await stage.registered(SoftwareAuthenticator()).passkey
            let path = "/v1/users/me/passkeys/\(made.id.uuidString.lowercased())"
            let stranger = try await stage.auth.signedIn("tom@example.org")
            let service = stage.auth.service
            let body = Array(#"{"label":"Desk"}"#.utf8)
            var json = stage.auth.headers(stranger)
            json.add(name: "Content-Type", value: "application/json")
            #expect(try await service.request(.PATCH, path, body: body, headers: json).status == 404)
            #expect(try await service.request(.DELETE, path, headers: stage.auth.headers(stranger)).status == 404)
            #expect(try await service.get("/v1/users/me/passkeys", headers: stage.auth.headers(stranger)).json(PasskeyRoutes.List.self).items.isEmpty)
            var own = stage.headers
            own.add(name: "Content-Type", value: "application/json")
            #expect(try await service.request(.PATCH, path, body: body, headers: own).json(Passkey.self).label == "Desk")
            #expect(
                try await service.get("/v1/users/me/passkeys", headers: stage.headers).json(PasskeyRoutes.List.self).items.map(\.label) == ["Desk"])
            #expect(try await service.request(.DELETE, path, headers: stage.headers).status == 204)
            #expect(try await stage.auth.login("mia@example.org").status == 200)
        }
    }

    @Test(.enabled(if: Chromium.isThere, "chromium is not installed; `packages.sh test` installs it"))
    func `Chromium's authenticator makes a passkey, signs in with it, and shows it as a second factor`() async throws {
        try await BrowserPage.server { origin in
            try await PasskeyStage.with(settings: ["WEBAUTHN_RP_ID": "localhost", "WEBAUTHN_ORIGINS": origin]) { stage in
                try await Chromium.with { browser in
                    let page = try await BrowserPage.open(origin, in: browser)
                    func publicKey(_ answer: TestResponse) throws -> String {
                        struct Options: Decodable { var public_key: JSONValue }
                        return String(decoding: try JSONEncoder().encode(try answer.json(Options.self).public_key), as: UTF8.self)
                    }
                    func credential(_ text: String) throws -> JSONValue { try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) }

                    let asked = try await stage.post("/v1/users/me/passkeys/options", ["password": AuthTest.password])
                    let made = try credential(try await page.create(publicKey(asked)))
                    let kept = try await stage.post("/v1/users/me/passkeys", ["credential": made, "label": .text("Laptop")])
                    #expect(kept.status == 201, "\(kept)")

                    let options = try await stage.post("/v1/auth/passkeys/options", [String: String](), anonymous: true)
                    let signed = try credential(try await page.get(publicKey(options)))
                    let login = try await stage.post("/v1/auth/passkeys/login", ["credential": signed], anonymous: true)
                    #expect(login.status == 200, "\(login)")
                    #expect(try login.json(SignIn.self).user.id == stage.signIn.user.id)
                    let replayed = try await stage.post("/v1/auth/passkeys/login", ["credential": signed], anonymous: true)
                    #expect(replayed.status == 401)

                    let challenge: FactorChallenge = try await stage.auth.login("mia@example.org").json()
                    let token = ["challenge_token": challenge.challengeToken]
                    let second = try await stage.post("/v1/auth/login/second-factor/passkey", token, anonymous: true)
                    let shown = try credential(try await page.get(publicKey(second)))
                    let finished = try await stage.post(
                        "/v1/auth/login/second-factor",
                        ["challenge_token": .text(challenge.challengeToken), "method": .text("passkey"), "credential": shown], anonymous: true)
                    #expect(finished.status == 200, "\(finished)")
                    #expect(stage.auth.tap.all(SecondFactorFailed.self).isEmpty, "its counter counts")
                }
            }
        }
    }
}
