import Contracts
import Foundation
import Logging
import Messaging
import NIOHTTP1
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

/// A running auth with somebody who listens, and the steps that tests begin with.
struct AuthTest: Sendable {
    static let password = "a sentence is a good password"

    let service: TestService
    let tap: EventTap

    static func with(settings: [String: String] = [:], _ body: @escaping @Sendable (AuthTest) async throws -> Void) async throws {
        // The cheapest hash: these tests are about what happens around it.
        let settings = ["BCRYPT_COST": "4"].merging(settings) { _, given in given }
        try await TestService.with(AuthService.self, settings: settings) { service in
            try await service.broker.connected(.analytics) { broker in
                let tap = EventTap()
                let broadcasts = Broadcasts(broker, service: "analytics", logger: Logger(label: "test"))
                tap.listen(on: broadcasts)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await broadcasts.run() }
                    while !broadcasts.isSubscribed { try await Task.sleep(for: .milliseconds(5)) }
                    try await body(AuthTest(service: service, tap: tap))
                    group.cancelAll()
                }
            }
        }
    }

    @discardableResult
    func register(_ email: String, password: String = Self.password) async throws -> TestResponse {
        try await service.post("/v1/auth/register", ["email": email, "password": password, "first_name": "Maria"])
    }

    func login(_ email: String, password: String = Self.password) async throws -> TestResponse {
        try await service.post("/v1/auth/login", ["email": email, "password": password])
    }

    /// Registers and signs in.
    func signedIn(_ email: String) async throws -> SignIn {
        #expect(try await register(email).status == 202)
        return try await login(email).json()
    }

    func refresh(_ token: String) async throws -> TestResponse {
        try await service.post("/v1/auth/refresh", ["refresh_token": token])
    }

    func headers(_ signIn: SignIn) -> HTTPHeaders { ["Authorization": "Bearer \(signIn.accessToken)"] }

    /// The token in the link of the last mail of a template to an address.
    func token(of template: String, to email: String) async throws -> String {
        let mail = try await tap.first(EventTap.Mail.self) { $0.template == template && $0.toEmail == email }
        let sealed = try #require(mail.sealedData["link"].flatMap { Data(base64Encoded: $0) })
        let link = try service.platform.encryption.openString(Array(sealed), context: "campaigns.email.link")
        return try #require(link.split(separator: "token=").last.map(String.init))
    }

    /// Makes somebody an administrator, who signs in anew.
    func administrator(_ email: String) async throws -> SignIn {
        #expect(try await register(email).status == 202)
        _ = try await sql("UPDATE users SET role = 'administrator', email_verified = true WHERE email = \(email)")
        return try await login(email).json()
    }

    /// What `count` calls at once answer.
    static func together(_ count: Int, _ call: @escaping @Sendable () async throws -> TestResponse) async throws -> [TestResponse] {
        try await withThrowingTaskGroup(of: TestResponse.self) { group in
            for _ in 0..<count { group.addTask { try await call() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// An answer of a route that must not tell by its time what it found: none comes sooner than it takes to look and to send a mail.
    func paced(
        sourceLocation: SourceLocation = #_sourceLocation, _ call: () async throws -> TestResponse
    ) async throws -> TestResponse {
        let start = ContinuousClock.now
        let answer = try await call()
        #expect(ContinuousClock.now - start >= .milliseconds(80), "it came too soon", sourceLocation: sourceLocation)
        return answer
    }

    /// Runs SQL as the administrator of the database, past every policy.
    func sql(_ statement: SQL) async throws -> [Row] {
        let configuration = PostgresConfiguration(url: service.adminDatabaseURL, schema: "auth")
        return try await PostgresSession.with(configuration, logger: Logger(label: "test")) { session in
            _ = try await session.execute("SET search_path = auth")
            return try await session.rows(statement)
        }
    }

    /// Gives an account a verification and a reset token that the test knows.
    func plant(_ token: OpaqueToken, in column: SQL, expires: SQL, of email: String) async throws {
        _ = try await sql("UPDATE users SET \(column) = \(token.hash), \(expires) = now() + interval '1 hour' WHERE email = \(email)")
    }
}
