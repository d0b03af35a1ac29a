import Foundation
import NIOHTTP1
import ServiceKit
import TestKit
import Testing

@testable import Auth

/// Somebody who is signed in, and what their authenticator is asked.
struct PasskeyStage: Sendable {
    struct Challenge: Decodable, Sendable {
        struct Options: Decodable, Sendable {
            var challenge: String
        }
        var publicKey: Options
        enum CodingKeys: String, CodingKey { case publicKey = "public_key" }
    }

    let auth: AuthTest
    let signIn: SignIn

    var headers: HTTPHeaders { auth.headers(signIn) }

    static func with(settings: [String: String] = [:], _ body: @escaping @Sendable (PasskeyStage) async throws -> Void) async throws {
        let settings = ["RATE_LIMIT_USER": "off", "RATE_LIMIT_ANONYMOUS": "off", "RATE_LIMIT_ENDPOINTS": "off"].merging(settings) { _, given in given
        }
        try await AuthTest.with(settings: settings) { auth in
            try await body(PasskeyStage(auth: auth, signIn: try await auth.signedIn("mia@example.org")))
        }
    }

    func post(_ path: String, _ body: some Encodable & Sendable, anonymous: Bool = false) async throws -> TestResponse {
        try await auth.service.post(path, body, headers: anonymous ? [:] : headers)
    }

    func creationChallenge() async throws -> String {
        try await post("/v1/users/me/passkeys/options", ["password": AuthTest.password]).json(Challenge.self).publicKey.challenge
    }

    func register(_ credential: [String: JSONValue], label: String = "Key ring") async throws -> TestResponse {
        try await post("/v1/users/me/passkeys", ["credential": .object(credential), "label": .text(label)] as [String: JSONValue])
    }

    /// A passkey of an authenticator, kept.
    func registered(_ authenticator: SoftwareAuthenticator) async throws -> RegisteredPasskey {
        let answer = try await register(authenticator.register(creationChallenge()))
        #expect(answer.status == 201, "\(answer)")
        return try answer.json()
    }

    func signInChallenge() async throws -> String {
        try await post("/v1/auth/passkeys/options", [String: String](), anonymous: true).json(Challenge.self).publicKey.challenge
    }

    func login(_ credential: [String: JSONValue]) async throws -> TestResponse {
        try await post("/v1/auth/passkeys/login", ["credential": JSONValue.object(credential)], anonymous: true)
    }
}
