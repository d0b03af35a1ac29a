import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// People's pictures, one of each.
struct AvatarStore: Sendable {
    let postgres: Postgres

    /// By the id that its address names.
    func avatar(_ id: UUID) async throws -> Avatar? {
        try await postgres.first(as: ServiceCaller(), "SELECT \(Avatar.columns) FROM user_avatars WHERE id = \(id)")
    }

    func avatar(of user: UUID) async throws -> Avatar? {
        try await postgres.first(as: ServiceCaller(), "SELECT \(Avatar.columns) FROM user_avatars WHERE user_id = \(user)")
    }

    /// Puts a picture in place of the one before, at an address of its own, which the account names from then on. Nil when there is no such account.
    func put(_ avatar: Avatar, at url: String, as caller: Caller) async throws -> User? {
        try await postgres.transaction(as: caller) { tx in
            guard let known = try await Self.lock(caller.userID, tx) else { return nil }
            try await tx.execute(
                """
                INSERT INTO user_avatars (user_id, id, content_type, bytes)
                VALUES (\(caller.userID), \(avatar.id), \(avatar.type), \(avatar.bytes))
                ON CONFLICT (user_id) DO UPDATE SET
                    id = excluded.id, content_type = excluded.content_type, bytes = excluded.bytes, created_at = now()
                """)
            return try await Self.name(url, known, tx)
        }
    }

    /// False when there is none.
    func remove(as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            guard let known = try await Self.lock(caller.userID, tx), try await Self.forget(caller.userID, tx) else { return false }
            _ = try await Self.name(nil, known, tx)
            return true
        }
    }

    /// Deletes the bytes; the account's row is the caller's to change. False when there are none.
    @discardableResult
    static func forget(_ user: UUID, _ tx: Transaction) async throws -> Bool {
        try await tx.execute("DELETE FROM user_avatars WHERE user_id = \(user)") == 1
    }

    private static func lock(_ user: UUID, _ tx: Transaction) async throws -> User? {
        try await tx.first("SELECT \(User.columns) FROM users WHERE id = \(user) AND deleted_at IS NULL FOR NO KEY UPDATE")
    }

    private static func name(_ url: String?, _ known: User, _ tx: Transaction) async throws -> User? {
        let user: User? = try await tx.first("UPDATE users SET avatar_url = \(url) WHERE id = \(known.id) RETURNING \(User.columns)")
        if let user { try await tx.publish(UserUpdated(user: user.snapshot, before: known.snapshot, changedFields: ["avatar_url"])) }
        return user
    }
}
