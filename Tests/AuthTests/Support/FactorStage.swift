import Contracts
import Crypto
import Foundation
import NIOHTTP1
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

/// Somebody with an authenticator app, and the ways in.
struct FactorStage: Sendable {
    static let email = "mia@example.org"

    let auth: AuthTest
    let signIn: SignIn
    let app: TOTP
    let factor: Factor
    let backupCodes: [String]

    var headers: HTTPHeaders { auth.headers(signIn) }

    static func with(settings: [String: String] = [:], _ body: @escaping @Sendable (FactorStage) async throws -> Void) async throws {
        let settings = ["RATE_LIMIT_USER": "off", "RATE_LIMIT_ANONYMOUS": "off", "RATE_LIMIT_ENDPOINTS": "off"].merging(settings) { _, given in given
        }
        try await AuthTest.with(settings: settings) { auth in
            let signIn = try await auth.signedIn(email)
            let answer = try await enrol(["factor_type": "totp", "password": AuthTest.password], auth, auth.headers(signIn))
            #expect(answer.status == 201, "\(answer)")
            let enrolment: Enrolment = try answer.json()
            let app = TOTP(secret: try Self.decoded(try #require(enrolment.secret)))
            // A step that has passed is good still, and leaves those of now and of the next half minute for the test.
            let confirmed = try await confirm(enrolment.factor.id, app.code(step: TOTP.step(at: Date()) - 1), auth, auth.headers(signIn))
            #expect(confirmed.status == 200, "\(confirmed)")
            let result: ConfirmedFactor = try confirmed.json()
            let codes = try #require(result.backupCodes)
            #expect(codes.count == BackupCode.count)
            try await body(FactorStage(auth: auth, signIn: signIn, app: app, factor: result.factor, backupCodes: codes))
        }
    }

    static func enrol(_ body: [String: String], _ auth: AuthTest, _ headers: HTTPHeaders) async throws -> TestResponse {
        try await auth.service.post("/v1/users/me/second-factors", body, headers: headers)
    }

    static func confirm(_ id: UUID, _ code: String, _ auth: AuthTest, _ headers: HTTPHeaders) async throws -> TestResponse {
        try await auth.service.post("/v1/users/me/second-factors/\(id.uuidString.lowercased())/confirm", ["code": code], headers: headers)
    }

    /// The first half of a sign-in.
    func challenge() async throws -> FactorChallenge {
        let answer = try await auth.login(Self.email)
        #expect(answer.status == 202, "\(answer)")
        return try answer.json()
    }

    /// The second one.
    func finish(_ challenge: FactorChallenge, _ method: FactorMethod, _ code: String) async throws -> TestResponse {
        try await auth.service.post("/v1/auth/login/second-factor", Self.answer(challenge, method, code))
    }

    func stepUp(_ method: FactorMethod, _ code: String, headers: HTTPHeaders) async throws -> TestResponse {
        let challenge: FactorChallenge = try await auth.service.post("/v1/auth/step-up", [String: String](), headers: headers).json()
        return try await auth.service.post("/v1/auth/step-up/second-factor", Self.answer(challenge, method, code), headers: headers)
    }

    static func answer(_ challenge: FactorChallenge, _ method: FactorMethod, _ code: String) -> [String: String] {
        ["challenge_token": challenge.challengeToken, "method": method.rawValue, "code": code]
    }

    /// The code that the app shows now. What was taken before is forgotten, so that a test need not wait for the next half minute.
    func code() async throws -> String {
        _ = try await auth.sql("UPDATE mfa_factors SET last_used_step = NULL")
        return app.code(step: TOTP.step(at: Date()))
    }

    /// The last code that was mailed.
    func mailedCode(after count: Int = 0) async throws -> String {
        try await eventually { mailedCodes.count > count }
        let sealed = try #require(mailedCodes.last.flatMap { Data(base64Encoded: $0) })
        return try auth.service.platform.encryption.openString(Array(sealed), context: "campaigns.email.code")
    }

    private var mailedCodes: [String] {
        auth.tap.all(EventTap.Mail.self).filter { $0.template == "security_code" }.compactMap { $0.sealedData["code"] }
    }

    /// Makes a session forget that a second factor was shown in it.
    func forgetSecondFactor(in session: UUID) async throws {
        _ = try await auth.sql("UPDATE user_sessions SET second_factor_at = now() - interval '1 hour' WHERE id = \(session)")
        auth.service.platform.authenticator.forget(user: signIn.user.id)
    }

    private static func decoded(_ text: String) throws -> Data {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var (bytes, buffer, bits) = (Data(), 0, 0)
        for character in text {
            (buffer, bits) = (buffer << 5 | (try #require(alphabet.firstIndex(of: character))), bits + 5)
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(buffer >> bits & 255))
                buffer &= (1 << bits) - 1
            }
        }
        return bytes
    }
}
