import Contracts
import Foundation
import Messaging
import Postgres

/// The small copy of auth's users, by which mail knows whom not to write to.
struct RecipientStore: Sendable {
    /// Nothing older than what is known changes it, and nothing brings a deleted person back.
    func save(_ user: UserSnapshot, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO recipients (user_id, email, full_name, locale, timezone, status, source_version)
            VALUES (\(user.id), \(user.email.lowercased()), \(user.fullName), \(user.locale), \(user.timezone), \(user.status), \(user.version))
            ON CONFLICT (user_id) DO UPDATE SET email = EXCLUDED.email, full_name = EXCLUDED.full_name, locale = EXCLUDED.locale,
                timezone = EXCLUDED.timezone, status = EXCLUDED.status, source_version = EXCLUDED.source_version, updated_at = now()
            WHERE recipients.source_version < EXCLUDED.source_version AND recipients.status <> 'deleted'
            """)
    }

    func forget(_ user: UUID, version: Int64, in tx: Transaction) async throws {
        // Suppressions by address, too: without the account nothing is written to it any more.
        _ = try await tx.batch([
            """
            DELETE FROM email_suppressions
            WHERE user_id = \(user) OR email = (SELECT email FROM recipients WHERE user_id = \(user)) AND reason = 'unsubscribed'
            """,
            """
            INSERT INTO recipients (user_id, status, source_version) VALUES (\(user), 'deleted', \(version))
            ON CONFLICT (user_id) DO UPDATE SET email = NULL, full_name = NULL, locale = NULL, timezone = NULL, status = 'deleted',
                source_version = EXCLUDED.source_version, updated_at = now()
            """,
        ])
    }
}
