import Contracts
import Foundation
import NIOHTTP1
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct SecondFactorTests {
    @Test func `The first factor takes the password, counts once it is confirmed, and brings backup codes`() async throws {
        try await AuthTest.with { auth in
            let headers = auth.headers(try await auth.signedIn("mia@example.org"))
            #expect(try await FactorStage.enrol(["factor_type": "totp"], auth, headers).status == 422)
            let wrong = try await FactorStage.enrol(["factor_type": "totp", "password": "not the password"], auth, headers)
            #expect(wrong.problem == "wrong-password")
            let answer = try await FactorStage.enrol(["factor_type": "totp", "password": AuthTest.password], auth, headers)
            let enrolment: Enrolment = try answer.json()
            #expect(enrolment.otpauthURI?.hasPrefix("otpauth://totp/Hearth:mia@example.org?secret=\(enrolment.secret ?? "-")") == true)
            #expect(enrolment.qrSVG?.hasPrefix("<svg") == true)
            // Not confirmed: nothing is asked for yet.
            #expect(try await auth.login("mia@example.org").status == 200)
            #expect(try await FactorStage.confirm(enrolment.factor.id, "000000", auth, headers).problem == "wrong-code")
            #expect(try await auth.service.get("/v1/users/me/second-factors", headers: headers).json(Factors.self).items.isEmpty)
            #expect(try await FactorStage.confirm(UUID(), "000000", auth, headers).status == 404)
        }
    }

    @Test func `What is kept of an app's key is sealed, and codes are hashes`() async throws {
        try await FactorStage.with { stage in
            let row = try #require(try await stage.auth.sql("SELECT secret_encrypted FROM mfa_factors").first)
            let sealed: Data = try row["secret_encrypted"]
            #expect(sealed.range(of: stage.app.secret) == nil)
            let encryption = stage.auth.service.platform.encryption
            #expect(try encryption.open(Array(sealed), context: CodeStore.secretContext) == Array(stage.app.secret))
            #expect(throws: EncryptionError.notAuthentic) { try encryption.open(Array(sealed), context: "auth.signing_keys") }
            let rows = try await stage.auth.sql("SELECT token_hash FROM mfa_tokens WHERE token_type = 'backup_code'")
            let hashes = try Set(rows.map { try $0["token_hash"] as Data })
            #expect(hashes == Set(stage.backupCodes.map { BackupCode(text: $0).hash(of: stage.signIn.user.id) }))
        }
    }

    @Test func `A sign-in with the right password gets a challenge and no session, and a code finishes it`() async throws {
        try await FactorStage.with { stage in
            let before = try await stage.auth.sql("SELECT count(*) AS n FROM user_sessions").first?["n"] as Int?
            let challenge = try await stage.challenge()
            #expect(challenge.methods.map(\.method) == [.totp, .backupCode])
            #expect(try await stage.auth.sql("SELECT count(*) AS n FROM user_sessions").first?["n"] as Int? == before)
            #expect(try await stage.auth.login(FactorStage.email, password: "not the password").problem == "invalid-credentials")
            #expect(try await stage.finish(challenge, .totp, "000000").problem == "wrong-code")
            let answer = try await stage.finish(challenge, .totp, stage.code())
            #expect(answer.status == 200, "\(answer)")
            let signIn: SignIn = try answer.json()
            #expect(try await stage.auth.service.get("/v1/users/me", headers: stage.auth.headers(signIn)).json(User.self).mfaEnabled)
            let claims = try Self.claims(of: signIn.accessToken)
            #expect(claims.methods == ["pwd", "otp", "mfa"] && claims.authenticatedAt != nil && claims.secondFactorAt != nil)
            #expect(try await stage.auth.tap.first(SessionStarted.self) { $0.sessionID == signIn.sessionID }.methods == ["pwd", "otp", "mfa"])
            #expect(try await stage.finish(challenge, .backupCode, stage.backupCodes[0]).problem == "challenge-ended")
            // A refreshed token says the same.
            let refreshed: SignIn = try await stage.auth.refresh(signIn.refreshToken).json()
            #expect(try Self.claims(of: refreshed.accessToken).secondFactorAt == claims.secondFactorAt)
        }
    }

    @Test func `A code of an app is taken once, and an older one not at all`() async throws {
        try await FactorStage.with { stage in
            let code = try await stage.code()
            let first = try await stage.challenge()
            #expect(try await stage.finish(first, .totp, code).status == 200)
            let second = try await stage.challenge()
            #expect(try await stage.finish(second, .totp, code).problem == "wrong-code")
            let older = stage.app.code(step: TOTP.step(at: Date()) - 1)
            if older != code { #expect(try await stage.finish(second, .totp, older).problem == "wrong-code") }
        }
    }

    @Test func `A challenge ends after five wrong codes, and so does guessing over many challenges`() async throws {
        try await FactorStage.with { stage in
            let challenge = try await stage.challenge()
            for _ in 1...4 { #expect(try await stage.finish(challenge, .totp, "000000").problem == "wrong-code") }
            #expect(try await stage.finish(challenge, .totp, "000000").problem == "wrong-code")
            #expect(try await stage.finish(challenge, .totp, stage.code()).problem == "challenge-ended")
            // Five failures in a row lock the account, whatever they were.
            #expect(try await stage.auth.login(FactorStage.email).problem == "invalid-credentials")
            let failed = try await stage.auth.tap.first(SecondFactorFailed.self)
            #expect(failed.method == "totp" && failed.purpose == "sign_in" && failed.reason == "wrong_code")
            _ = try await stage.auth.sql("UPDATE users SET locked_until = NULL")
            let next = try await stage.challenge()
            #expect(try await stage.finish(next, .totp, stage.code()).status == 200)
            let row = try #require(try await stage.auth.sql("SELECT failed_login_attempts FROM users").first)
            #expect(try row["failed_login_attempts"] == 0)
        }
    }

    @Test func `A challenge has its time`() async throws {
        try await FactorStage.with { stage in
            let challenge = try await stage.challenge()
            _ = try await stage.auth.sql("UPDATE mfa_challenges SET expires_at = now() - interval '1 second'")
            #expect(try await stage.finish(challenge, .totp, stage.code()).problem == "challenge-ended")
            #expect(try await stage.finish(FactorChallenge(challengeToken: "made up", methods: []), .totp, "000000").problem == "challenge-ended")
        }
    }

    @Test func `Fifty who use one backup code at once: one gets in`() async throws {
        try await FactorStage.with { stage in
            let statuses = try await Self.together(stage) { challenge in
                try await stage.finish(challenge, .backupCode, stage.backupCodes[3].uppercased()).status
            }
            #expect(statuses.count { $0 == 200 } == 1 && statuses.count { $0 == 422 } == 49, "\(statuses)")
            _ = try await stage.auth.sql("UPDATE users SET locked_until = NULL, failed_login_attempts = 0")
            let used = try await stage.auth.tap.first(SecondFactorChanged.self) { $0.change == "used" }
            #expect(used.factorType == "backup_code")
            let last = try await stage.challenge()
            #expect(try await stage.finish(last, .backupCode, stage.backupCodes[3]).problem == "wrong-code")
            #expect(try await stage.finish(last, .backupCode, stage.backupCodes[4]).status == 200)
        }
    }

    @Test func `Fifty who use one code of an app at once: one gets in`() async throws {
        try await FactorStage.with { stage in
            let code = try await stage.code()
            let statuses = try await Self.together(stage) { challenge in try await stage.finish(challenge, .totp, code).status }
            #expect(statuses.count { $0 == 200 } == 1 && statuses.count { $0 == 422 } == 49, "\(statuses)")
        }
    }

    /// Fifty challenges, all answered at once.
    private static func together(
        _ stage: FactorStage, _ answer: @escaping @Sendable (FactorChallenge) async throws -> Int
    ) async throws -> [Int] {
        var challenges: [FactorChallenge] = []
        for _ in 0..<50 { challenges.append(try await stage.challenge()) }
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for challenge in challenges { group.addTask { try await answer(challenge) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `A code comes by mail, is good once, and those before it are not any more`() async throws {
        try await FactorStage.with { stage in
            let body = ["factor_type": "email"]
            #expect(try await FactorStage.enrol(body, stage.auth, stage.headers).problem == "email-not-verified")
            _ = try await stage.auth.sql("UPDATE users SET email_verified = true")
            let enrolment: Enrolment = try await FactorStage.enrol(body, stage.auth, stage.headers).json()
            let confirmed = try await FactorStage.confirm(enrolment.factor.id, stage.mailedCode(), stage.auth, stage.headers)
            #expect(try confirmed.json(ConfirmedFactor.self).backupCodes == nil)
            let challenge = try await stage.challenge()
            #expect(challenge.methods.first { $0.method == .email }?.hint == "m…@example.org")
            #expect(try await stage.send(.email, for: challenge).status == 202)
            let first = try await stage.mailedCode(after: 1)
            #expect(try await stage.send(.email, for: challenge).problem == "too-many-codes")
            _ = try await stage.auth.sql("UPDATE mfa_tokens SET created_at = now() - interval '31 seconds'")
            #expect(try await stage.send(.email, for: challenge).status == 202)
            let second = try await stage.mailedCode(after: 2)
            if first != second { #expect(try await stage.finish(challenge, .email, first).problem == "wrong-code") }
            #expect(try await stage.finish(challenge, .email, second).status == 200)
            let next = try await stage.challenge()
            #expect(try await stage.finish(next, .email, second).problem == "wrong-code")
            #expect(try await stage.send(.sms, for: next).problem == "challenge-ended")
        }
    }

    @Test func `Somebody is sent ten codes an hour at most`() async throws {
        try await FactorStage.with { stage in
            _ = try await stage.auth.sql("UPDATE users SET email_verified = true")
            let enrolment: Enrolment = try await FactorStage.enrol(["factor_type": "email"], stage.auth, stage.headers).json()
            #expect(try await FactorStage.confirm(enrolment.factor.id, stage.mailedCode(), stage.auth, stage.headers).status == 200)
            for _ in 2...CodeStore.mostAnHour { #expect(try await stage.send(.email, for: stage.challenge()).status == 202) }
            let refused = try await stage.send(.email, for: stage.challenge())
            #expect(refused.status == 429 && refused.problem == "too-many-codes" && refused.headers.first(name: "Retry-After") != nil)
        }
    }

    @Test func `A code by text message is asked of alerts, sealed`() async throws {
        try await FactorStage.with { stage in
            let bad = try await FactorStage.enrol(["factor_type": "sms", "phone": "0301234"], stage.auth, stage.headers)
            #expect(bad.status == 422)
            let body = ["factor_type": "sms", "phone": "+4915123456756"]
            let enrolment: Enrolment = try await FactorStage.enrol(body, stage.auth, stage.headers).json()
            #expect(enrolment.factor.hint == "…56" && enrolment.secret == nil)
            let command = try await stage.auth.tap.first(EventTap.TextMessage.self)
            let encryption = stage.auth.service.platform.encryption
            func opened(_ text: String?, _ name: String) throws -> String {
                let sealed = try #require(text.flatMap { Data(base64Encoded: $0) })
                return try encryption.openString(Array(sealed), context: "alerts.sms.\(name)")
            }
            #expect(try opened(command.sealedTo, "to") == "+4915123456756")
            let code = try opened(command.sealedData["code"], "code")
            #expect(try await FactorStage.confirm(enrolment.factor.id, code, stage.auth, stage.headers).status == 200)
            #expect(try await stage.challenge().methods.map(\.method) == [.totp, .sms, .backupCode])
        }
    }

    @Test func `Whoever has a second factor shows it before anything delicate`() async throws {
        try await FactorStage.with { stage in
            let auth = stage.auth
            _ = try await auth.sql("UPDATE users SET email_verified = true")
            // Confirming it was showing it.
            let key: [String: String] = ["key_name": "x"]
            #expect(try await auth.service.post("/v1/api-keys", key, headers: stage.headers).problem != "second-factor-required")
            try await stage.forgetSecondFactor(in: stage.signIn.sessionID)
            let change = ["current_password": AuthTest.password, "new_password": "another sentence, just as good"]
            let factors = "/v1/users/me/second-factors"
            let refused = [
                try await auth.service.post("/v1/auth/password/change", change, headers: stage.headers),
                try await auth.service.post("/v1/api-keys", key, headers: stage.headers),
                try await auth.service.post(factors, ["factor_type": "email"], headers: stage.headers),
                try await auth.service.post("/v1/users/me/backup-codes", [String: String](), headers: stage.headers),
                try await auth.service.request(.DELETE, "\(factors)/\(stage.factor.id)", headers: stage.headers),
            ]
            for answer in refused {
                #expect(answer.status == 403 && answer.problem == "second-factor-required", "\(answer)")
                #expect(answer.headers.first(name: "WWW-Authenticate")?.contains("max_age=\"600\"") == true)
            }
            let wrong = try await stage.stepUp(.totp, "000000", headers: stage.headers)
            #expect(wrong.problem == "wrong-code")
            let answer = try await stage.stepUp(.totp, stage.code(), headers: stage.headers)
            #expect(answer.status == 200, "\(answer)")
            let fresh: HTTPHeaders = ["Authorization": "Bearer \(try answer.json(ChallengeRoutes.SteppedUp.self).accessToken)"]
            #expect(try await auth.service.post("/v1/auth/password/change", change, headers: fresh).status == 204)
            #expect(try await auth.tap.first(SessionSteppedUp.self).sessionID == stage.signIn.sessionID)
        }
    }

    @Test func `Owning an agency and administering the platform are given away with a second factor only`() async throws {
        try await FactorStage.with { stage in
            let (service, headers) = (stage.auth.service, stage.headers)
            _ = try await stage.auth.sql("UPDATE users SET email_verified = true, role = 'administrator'")
            let agency: Agency = try await service.post("/v1/agencies", ["kind": "rescue", "name": "Paws"], headers: headers).json()
            let agent = try await stage.auth.signedIn("agent@example.org").user.id
            _ = try await stage.auth.sql("INSERT INTO agency_members (user_id, agency_id, role) VALUES (\(agent), \(agency.id), 'agent')")
            try await stage.forgetSecondFactor(in: stage.signIn.sessionID)
            let (members, invitations) = ("/v1/agencies/\(agency.id)/members/\(agent)", "/v1/agencies/\(agency.id)/invitations")
            func give(_ headers: HTTPHeaders) async throws -> [TestResponse] {
                [
                    try await service.patch(members, ["role": "owner"], headers: headers),
                    try await service.post(invitations, ["email": "next@example.org", "role": "owner"], headers: headers),
                    try await service.patch("/v1/users/\(agent)", ["role": "administrator"], headers: headers),
                ]
            }
            for answer in try await give(headers) { #expect(answer.problem == "second-factor-required", "\(answer)") }
            #expect(try await service.patch(members, ["role": "admin"], headers: headers).status == 200)
            #expect(try await service.post(invitations, ["email": "other@example.org", "role": "admin"], headers: headers).status == 201)
            let stepped: ChallengeRoutes.SteppedUp = try await stage.stepUp(.totp, stage.code(), headers: headers).json()
            #expect(try await give(["Authorization": "Bearer \(stepped.accessToken)"]).map(\.status) == [200, 201, 200])
        }
    }

    @Test func `A sign-in that waits for a second factor ends with the password it began with`() async throws {
        try await FactorStage.with { stage in
            let change = ["current_password": AuthTest.password, "new_password": "another sentence, just as good"]
            let waiting = try await stage.challenge()
            #expect(try await stage.auth.service.post("/v1/auth/password/change", change, headers: stage.headers).status == 204)
            #expect(try await stage.finish(waiting, .totp, stage.code()).problem == "challenge-ended")
            let answer = try await stage.auth.login(FactorStage.email, password: "another sentence, just as good")
            let next: FactorChallenge = try answer.json()
            let token = OpaqueToken.random()
            try await stage.auth.plant(token, in: "password_reset_token_hash", expires: "password_reset_expires", of: FactorStage.email)
            let reset = ["token": token.text, "password": "yet another sentence, as good"]
            #expect(try await stage.auth.service.post("/v1/auth/password/reset", reset).status == 204)
            #expect(try await stage.finish(next, .totp, stage.code()).problem == "challenge-ended")
        }
    }

    @Test func `Whoever takes their address back keeps their factor, and codes and sign-ins of meanwhile are void`() async throws {
        try await FactorStage.with { stage in
            let email = ["email": "thief@example.com", "password": AuthTest.password]
            #expect(try await stage.auth.service.post("/v1/users/me/email", email, headers: stage.headers).status == 202)
            let token = try await stage.auth.token(of: "email_change_confirm", to: "thief@example.com")
            #expect(try await stage.auth.service.post("/v1/auth/email-change", ["token": token]).status == 204)
            let renewed: BackupCodes = try await stage.auth.service.post(
                "/v1/users/me/backup-codes", [String: String](), headers: stage.headers
            ).json()
            let waiting: FactorChallenge = try await stage.auth.login("thief@example.com").json()
            let back = try await stage.auth.token(of: "email_changed", to: FactorStage.email)
            #expect(try await stage.auth.service.post("/v1/auth/email-change/take-back", ["token": back]).status == 204)
            #expect(try await stage.finish(waiting, .backupCode, renewed.backupCodes[0]).problem == "challenge-ended")
            let reset = try await stage.auth.token(of: "password_reset", to: FactorStage.email)
            let choice = ["token": reset, "password": "quite another sentence"]
            #expect(try await stage.auth.service.post("/v1/auth/password/reset", choice).status == 204)
            let own: FactorChallenge = try await stage.auth.login(FactorStage.email, password: "quite another sentence").json()
            #expect(own.methods.map(\.method) == [.totp])
            #expect(try await stage.finish(own, .backupCode, renewed.backupCodes[0]).problem == "wrong-code")
            #expect(try await stage.finish(own, .totp, stage.code()).status == 200)
        }
    }

    @Test func `A step up is for the session that began it`() async throws {
        try await FactorStage.with { stage in
            let challenge = try await stage.challenge()
            let other: SignIn = try await stage.finish(challenge, .totp, stage.code()).json()
            let begun: FactorChallenge = try await stage.auth.service.post("/v1/auth/step-up", [String: String](), headers: stage.headers).json()
            let body = FactorStage.answer(begun, .totp, try await stage.code())
            let path = "/v1/auth/step-up/second-factor"
            #expect(try await stage.auth.service.post(path, body, headers: stage.auth.headers(other)).problem == "challenge-ended")
            #expect(try await stage.auth.service.post("/v1/auth/login/second-factor", body).problem == "challenge-ended")
            #expect(try await stage.auth.service.post(path, body, headers: stage.headers).status == 200)
        }
    }

    @Test func `New backup codes take the place of the old ones, and the last factor takes them along`() async throws {
        try await FactorStage.with { stage in
            let made = try await stage.auth.service.post("/v1/users/me/backup-codes", [String: String](), headers: stage.headers)
            let codes = try made.json(BackupCodes.self).backupCodes
            #expect(Set(codes).count == 10 && Set(codes).isDisjoint(with: stage.backupCodes))
            #expect(try await stage.finish(stage.challenge(), .backupCode, stage.backupCodes[0]).problem == "wrong-code")
            let factors = "/v1/users/me/second-factors"
            let before: Factors = try await stage.auth.service.get(factors, headers: stage.headers).json()
            #expect(before.mfaEnabled && before.backupCodesLeft == 10 && before.items.map(\.id) == [stage.factor.id])
            let removed = try await stage.auth.service.request(.DELETE, "\(factors)/\(stage.factor.id)", headers: stage.headers)
            #expect(removed.status == 204)
            let after: Factors = try await stage.auth.service.get(factors, headers: stage.headers).json()
            #expect(!after.mfaEnabled && after.backupCodesLeft == 0 && after.items.isEmpty)
            #expect(try await stage.auth.login(FactorStage.email).status == 200)
            for change in ["added", "replaced", "removed"] {
                _ = try await stage.auth.tap.first(SecondFactorChanged.self) { $0.change == change }
            }
            try await eventually { stage.auth.tap.all(EventTap.Mail.self).count { $0.template == "second_factor_changed" } == 3 }
        }
    }

    @Test func `An administrator lets somebody in again who has lost every factor`() async throws {
        try await FactorStage.with { stage in
            let user = try await stage.auth.signedIn("admin@example.org")
            let path = "/v1/users/\(stage.signIn.user.id.uuidString.lowercased())/second-factors"
            #expect(try await stage.auth.service.request(.DELETE, path, headers: stage.auth.headers(user)).status == 403)
            _ = try await stage.auth.sql("UPDATE users SET role = 'administrator' WHERE email = 'admin@example.org'")
            let admin: SignIn = try await stage.auth.login("admin@example.org").json()
            #expect(try await stage.auth.service.request(.DELETE, path, headers: stage.auth.headers(admin)).status == 204)
            #expect(try await stage.auth.login(FactorStage.email).status == 200)
            #expect(try await stage.auth.service.request(.DELETE, path, headers: stage.auth.headers(admin)).status == 404)
        }
    }

    @Test func `A person's own hand writes neither factors nor when one was shown`() async throws {
        try await FactorStage.with { (stage: FactorStage) async throws -> Void in
            let caller = Caller(userID: stage.signIn.user.id, sessionID: stage.signIn.sessionID)
            let postgres = stage.auth.service.platform.postgres
            func count(_ statement: SQL, as context: Caller) async throws -> Int {
                try await postgres.batch(as: context, [statement])[0].count
            }
            #expect(try await count("SELECT id FROM mfa_factors", as: caller) == 1)
            #expect(try await count("SELECT id FROM mfa_factors", as: .test()) == 0)
            for context in [caller, Caller.test(role: .administrator)] {
                #expect(try await count("SELECT id FROM mfa_tokens", as: context) == 0)
                #expect(try await count("SELECT id FROM mfa_challenges", as: context) == 0)
                #expect(try await count("UPDATE mfa_factors SET label = 'x' RETURNING id", as: context) == 0)
            }
            await #expect { () async throws -> Void in
                _ = try await count("UPDATE user_sessions SET second_factor_at = now() WHERE id = \(caller.sessionID)", as: caller)
            } throws: { ($0 as? PostgresError)?.sqlState == .insufficientPrivilege }
        }
    }

    @Test func `With an account go its factors`() async throws {
        try await FactorStage.with { stage in
            let gone = try await stage.auth.service.request(
                .DELETE, "/v1/users/me", body: Array(#"{"password":"\#(AuthTest.password)"}"#.utf8),
                headers: ["Authorization": "Bearer \(stage.signIn.accessToken)", "Content-Type": "application/json"])
            #expect(gone.status == 202, "\(gone)")
            let row = try #require(
                try await stage.auth.sql(
                    """
                    SELECT (SELECT count(*) FROM mfa_factors) + (SELECT count(*) FROM mfa_tokens) + (SELECT count(*) FROM mfa_challenges) AS n
                    """
                ).first)
            #expect(try row["n"] == 0)
        }
    }

    @Test func `What has run out is removed`() async throws {
        try await FactorStage.with { stage in
            _ = try await stage.challenge()
            _ = try await stage.auth.sql("UPDATE mfa_challenges SET expires_at = now() - interval '2 days'")
            _ = try await stage.auth.sql("UPDATE mfa_tokens SET expires_at = now() - interval '2 days' WHERE token_type = 'totp'")
            let platform = stage.auth.service.platform
            let mail = AccountMail(encryption: platform.encryption, publicURL: "http://hearth.test")
            let codes = CodeStore(postgres: platform.postgres, encryption: platform.encryption, mail: mail)
            let proofs = PasskeyProofs(webAuthn: WebAuthn(relyingPartyID: "hearth.test", origins: []))
            let challenges = ChallengeStore(postgres: platform.postgres, codes: codes, passkeys: proofs)
            try await FactorStore(postgres: platform.postgres, codes: codes, challenges: challenges, mail: mail).sweep()
            let row = try #require(
                try await stage.auth.sql("SELECT (SELECT count(*) FROM mfa_challenges) AS c, (SELECT count(*) FROM mfa_tokens) AS t").first)
            #expect(try row["c"] == 0 && row["t"] == BackupCode.count)
        }
    }

    private static func claims(of token: String) throws -> AccessClaims {
        try JSONDecoder().decode(AccessClaims.self, from: try #require(Data(base64URL: token.split(separator: ".")[1])))
    }
}

extension FactorStage {
    fileprivate func send(_ method: FactorMethod, for challenge: FactorChallenge) async throws -> TestResponse {
        try await auth.service.post(
            "/v1/auth/login/second-factor/code", ["challenge_token": challenge.challengeToken, "method": method.rawValue])
    }
}
