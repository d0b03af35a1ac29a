import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Hearthctl

@Suite struct AccountsTests {
    @Test func `An account that an operator promotes has the role, and the trail says what it was before`() async throws {
        try await TestSchema(logger: TestDatabase.logger).with(.auth) { url, _ in
            let postgres = Postgres(
                PostgresConfiguration(url: url, maximumConnections: 1, schema: "auth", applicationName: "test"), logger: TestDatabase.logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await postgres.run() }
                defer { group.cancelAll() }
                let accounts = Accounts(postgres)
                #expect(try await accounts.create(email: "maria@example.org", passwordHash: "x", role: .user) == .created)
                #expect(try await accounts.create(email: "maria@example.org", passwordHash: "y", role: .administrator) == .promoted)
                #expect(try await accounts.create(email: "maria@example.org", passwordHash: "z", role: .administrator) == .unchanged)
                let told = try await postgres.batch(as: ServiceCaller(), ["SELECT type, body FROM outbox ORDER BY id"])[0]
                #expect(try told.map { try $0["type"] as String } == [UserRegistered.name, UserUpdated.name, AccountChanged.name])
                let body: String = try #require(told.last)["body"]
                let event = try #require(JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
                let data = try #require(event["data"] as? [String: Any])
                #expect(data["change"] as? String == "role_changed")
                #expect((data["before"] as? [String: String])?["role"] == "user")
                #expect((data["after"] as? [String: String])?["role"] == "administrator")
            }
        }
    }
}
