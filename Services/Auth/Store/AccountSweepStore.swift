import Postgres
import ServiceKit

/// What nobody needs any more, in small batches; copies skip one another's rows.
struct AccountSweepStore: Sendable {
    /// So many rows of one kind at a time: no lock is held for long.
    static let batch = 500

    let postgres: Postgres

    /// One batch of every kind. True when there may be more.
    func sweep() async throws -> Bool {
        var isFull = false
        for statement in Self.statements {
            let touched = try await postgres.transaction(as: ServiceCaller()) { tx in try await tx.execute(statement) }
            isFull = isFull || touched >= Self.batch
        }
        return isFull
    }

    private static let statements: [SQL] = [
        // Ended and expired sessions with their refresh tokens. A used token is kept as long as its session: it is what tells of a theft.
        delete("user_sessions", key: "id", "NOT is_active AND ended_at < now() - interval '30 days'"),
        delete("user_sessions", key: "id", "expires_at < now() - interval '30 days'"),
        delete("email_changes", key: "id", "COALESCE(revert_expires_at, expires_at) < now()"),
        // Whom somebody invited who never came is a stranger's address.
        delete("agency_invitations", key: "id", "expires_at < now() - interval '30 days'"),
        delete("signing_keys", key: "kid", "retires_at < now() - interval '1 day'"),
        delete("data_exports", key: "id", "expires_at < now()"),
        update("erasures", set: "token_hash = NULL", "token_hash IS NOT NULL AND completed_at < now() - interval '90 days'"),
        // What somebody agreed to is kept for three years, in which it may have to be shown, after they have gone.
        delete(
            "consent_records", key: "id",
            "recorded_at < now() - interval '3 years' AND user_id IN (SELECT id FROM users WHERE deleted_at < now() - interval '3 years')"),
        update(
            "users", set: "email_verification_token_hash = NULL, email_verification_expires = NULL",
            "email_verification_token_hash IS NOT NULL AND email_verification_expires < now()"),
        update(
            "users", set: "password_reset_token_hash = NULL, password_reset_expires = NULL",
            "password_reset_token_hash IS NOT NULL AND password_reset_expires < now()"),
    ]

    private static func delete(_ table: SQL, key: SQL, _ condition: SQL) -> SQL {
        "DELETE FROM \(table) WHERE \(key) IN (SELECT \(key) FROM \(table) WHERE \(condition) LIMIT \(batch) FOR UPDATE SKIP LOCKED)"
    }

    private static func update(_ table: SQL, set: SQL, _ condition: SQL) -> SQL {
        "UPDATE \(table) SET \(set) WHERE id IN (SELECT id FROM \(table) WHERE \(condition) LIMIT \(batch) FOR UPDATE SKIP LOCKED)"
    }
}
