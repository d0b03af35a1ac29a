import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Accounts made by an operator, in `auth`'s schema and with the events `auth` itself would send.
struct Accounts: Sendable {
    enum Outcome: String, Sendable {
        case created
        case promoted = "has the role now; it applies at once"
        case unchanged = "is there already; nothing was changed"
    }

    private let postgres: Postgres

    init(_ postgres: Postgres) { self.postgres = postgres }

    /// Creates the account. One that is there keeps its password, and gets the role when the role says more than `user`.
    func create(email: String, passwordHash: String, role: PlatformRole) async throws -> Outcome {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let created: Account? = try await tx.first(
                """
                INSERT INTO users (id, email, password_hash, role, status, email_verified)
                VALUES (\(UUID.v7()), \(email), \(passwordHash), \(role.rawValue), 'active', true)
                ON CONFLICT (email) WHERE deleted_at IS NULL DO NOTHING
                RETURNING \(Account.columns)
                """)
            if let created {
                try await tx.publish(UserRegistered(user: created.snapshot))
                return .created
            }
            guard role != .user else { return .unchanged }
            let known: Account? = try await tx.first(
                "SELECT \(Account.columns) FROM users WHERE email = \(email) AND deleted_at IS NULL AND role <> \(role.rawValue) FOR UPDATE")
            guard let before = known?.snapshot else { return .unchanged }
            let promoted: Account? = try await tx.first(
                "UPDATE users SET role = \(role.rawValue) WHERE id = \(before.id) RETURNING \(Account.columns)")
            guard let after = promoted?.snapshot else { return .unchanged }
            try await tx.publish(UserUpdated(user: after, before: before, changedFields: ["role"]))
            try await tx.publish(
                AccountChanged(
                    userID: after.id, change: "role_changed", before: AccountState(status: before.status, role: before.role),
                    after: AccountState(status: after.status, role: after.role), reason: "by an operator"))
            return .promoted
        }
    }
}
