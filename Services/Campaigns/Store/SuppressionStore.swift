import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Who wants no more mail of which category.
struct SuppressionStore: Sendable {
    let postgres: Postgres

    /// Whether the token's person has left its category already.
    func isUnsubscribed(_ token: UnsubscribeToken) async throws -> Bool {
        let rows = try await postgres.batch(
            as: ServiceCaller(),
            [
                """
                SELECT FROM email_suppressions s
                WHERE s.category IN ('*', \(token.category)) AND (s.user_id = \(token.userID)::uuid
                    OR s.email IN (SELECT q.to_email FROM email_queue q WHERE q.id = \(token.emailID)))
                """
            ])
        return !rows[0].isEmpty
    }

    /// Leaves the token's category. What of it still waits for that address is not sent any more. Again is the same as once.
    func unsubscribe(_ token: UnsubscribeToken) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let added = try await tx.rows(
                """
                INSERT INTO email_suppressions (id, email, user_id, category, reason, email_id)
                SELECT \(UUID.v7()), known.email, \(token.userID), \(token.category), 'unsubscribed', \(token.emailID)
                FROM (
                    SELECT to_email AS email, 1 AS place FROM email_queue WHERE id = \(token.emailID) AND to_email <> 'deleted@hearth.invalid'
                    UNION ALL
                    SELECT email, 2 FROM recipients WHERE user_id = \(token.userID)::uuid AND email IS NOT NULL
                ) AS known ORDER BY place LIMIT 1
                ON CONFLICT (email, category) DO NOTHING RETURNING email
                """)
            guard let email: String = try added.first?["email"] else { return }
            let answers = try await tx.batch([
                """
                UPDATE email_queue SET status = 'suppressed', failure_reason = 'unsubscribed', claim_id = NULL
                WHERE to_email = \(email) AND category = \(token.category) AND status = 'queued' RETURNING id, user_id, reference
                """,
                """
                UPDATE email_queue SET status = 'unsubscribed'
                WHERE id = \(token.emailID) AND status IN ('sent', 'delivered', 'opened', 'clicked')
                """,
            ])
            var events: [any Event] = [EmailUnsubscribed(userID: token.userID, emailID: token.emailID, category: token.category)]
            for row in answers[0] { events.append(try EmailQueueStore.failed(row, .suppressed)) }
            try await tx.publish(events)
        }
    }
}
