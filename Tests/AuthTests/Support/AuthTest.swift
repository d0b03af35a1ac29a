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
