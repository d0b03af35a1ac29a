import Foundation
import NIOHTTP1
import ServiceKit
import TestKit
import Testing

@testable import Auth

/// Ways out to a provider and back.
struct OAuthStage: Sendable {
    let auth: AuthTest

    static func with(settings: [String: String], _ body: @escaping @Sendable (OAuthStage) async throws -> Void) async throws {
        let settings = ["RATE_LIMIT_USER": "off", "RATE_LIMIT_ANONYMOUS": "off", "RATE_LIMIT_ENDPOINTS": "off"].merging(settings) { _, given in given
        }
        try await AuthTest.with(settings: settings) { auth in try await body(OAuthStage(auth: auth)) }
    }

    static func settings(issuer: String, trusted: Bool = true) -> [String: String] {
        [
            "OAUTH_PROVIDERS": "acme", "OAUTH_ACME_CLIENT_ID": "hearth", "OAUTH_ACME_CLIENT_SECRET": "a secret", "OAUTH_ACME_ISSUER": issuer,
            "OAUTH_ACME_TRUST_EMAIL": trusted ? "true" : "false",
        ]
    }

    func begin(_ provider: String = "acme") async throws -> BegunOAuth {
        let answer = try await auth.service.post("/v1/auth/oauth/providers/\(provider)/authorize", [String: String]())
        #expect(answer.status == 201, "\(answer)")
        return try answer.json()
    }

    func beginConnecting(_ headers: HTTPHeaders, password: String? = AuthTest.password) async throws -> TestResponse {
        try await auth.service.post(
            "/v1/users/me/oauth-providers/acme/authorize", ["password": password].compactMapValues(\.self), headers: headers)
    }

    func callback(_ begun: BegunOAuth, code: String = "code", state: String? = nil, headers: HTTPHeaders? = nil) async throws -> TestResponse {
        let sent = try state ?? URL.query(of: begun.authorizationURL)["state"]
        let body = ["state": try #require(sent), "code": code, "attempt_token": begun.attemptToken]
        guard let headers else { return try await auth.service.post("/v1/auth/oauth/callback", body) }
        return try await auth.service.post("/v1/users/me/oauth-connections", body, headers: headers)
    }
}
