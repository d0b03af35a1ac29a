import Contracts
import Foundation
import Postgres

/// The copies of users, as events bring them.
struct RecipientStore: Sendable {
    /// Of the address with which somebody registers.
    var firstLimits = ChannelLimits.first

    /// Takes a newer version of a user; an older one changes nothing. A new user gets the account's address as the first channel, and the
    /// channel follows when that address changes.
    func take(_ user: UserSnapshot, in tx: Transaction) async throws {
        let known = try await lock(user.id, in: tx)
        _ = try await tx.batch([
            """
            UPDATE notification_channels AS channel
            SET destination = \(user.email), is_verified = \(user.emailVerified), verified_at = CASE WHEN \(user.emailVerified) THEN now() END
            FROM recipients known
            WHERE known.user_id = \(user.id) AND known.version < \(user.version) AND known.status <> 'deleted' AND known.email <> \(user.email)
                AND channel.user_id = known.user_id AND channel.channel_type = 'email' AND channel.destination = known.email
                AND NOT EXISTS (SELECT 1 FROM notification_channels AS other
                    WHERE other.user_id = known.user_id AND other.channel_type = 'email' AND other.destination = \(user.email))
            """,
            """
            INSERT INTO recipients AS known (user_id, email, full_name, locale, timezone, status, version)
            VALUES (\(user.id), \(user.email), \(user.fullName), \(user.locale), \(user.timezone), \(user.status), \(user.version))
            ON CONFLICT (user_id) DO UPDATE SET email = excluded.email, full_name = excluded.full_name, locale = excluded.locale,
                timezone = excluded.timezone, status = excluded.status, version = excluded.version
            WHERE known.version < excluded.version AND known.status <> 'deleted'
            """,
            """
            INSERT INTO notification_channels (user_id, channel_type, channel_name, destination, is_verified, verified_at, is_primary,
                rate_limit_per_hour, rate_limit_per_day)
            SELECT user_id, 'email', 'E-Mail', email, \(user.emailVerified), CASE WHEN \(user.emailVerified) THEN now() END, true,
                \(firstLimits.perHour)::integer, \(firstLimits.perDay)::integer
            FROM recipients r WHERE user_id = \(user.id) AND email IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM notification_channels c WHERE c.user_id = r.user_id)
            ON CONFLICT DO NOTHING
            """,
            """
            UPDATE notification_channels SET is_verified = true, verified_at = now()
            WHERE user_id = \(user.id) AND channel_type = 'email' AND destination = \(user.email) AND NOT is_verified AND \(user.emailVerified)
            """,
        ])
        // In another time zone the quiet hours are others, and the times of digests.
        if let known, known.timezone != user.timezone { try await DeliveryStore.reschedule(of: user.id, in: tx) }
    }

    /// Everything of a deleted user goes; a bare tombstone stays, so that nothing late is told or waits.
    func forget(_ user: UUID, version: Int64, in tx: Transaction) async throws {
        // The recipient first: what is being told to them at the moment is waited for, and then seen and deleted.
        _ = try await tx.batch([
            """
            INSERT INTO recipients AS known (user_id, status, version) VALUES (\(user), 'deleted', \(version))
            ON CONFLICT (user_id) DO UPDATE SET email = NULL, full_name = NULL, locale = DEFAULT, timezone = DEFAULT, status = 'deleted',
                version = greatest(known.version, excluded.version)
            """,
            "DELETE FROM notification_queue WHERE user_id = \(user)",
            "DELETE FROM notifications WHERE user_id = \(user)",
            "DELETE FROM notification_preferences WHERE user_id = \(user)",
            "DELETE FROM notification_channels WHERE user_id = \(user)",
            "DELETE FROM stream_tickets WHERE user_id = \(user)",
        ])
    }

    /// Locked until the transaction ends: a person is told one thing after the other, and not while they are being forgotten.
    func lock(_ user: UUID, in tx: Transaction) async throws -> Recipient? {
        try await lock([user], in: tx)[user]
    }

    /// Those that are known, locked in one order for all.
    func lock(_ users: [UUID], in tx: Transaction) async throws -> [UUID: Recipient] {
        let known: [Recipient] = try await tx.all(
            "SELECT \(Recipient.columns) FROM recipients WHERE user_id = ANY (\(users)) ORDER BY user_id FOR NO KEY UPDATE")
        return Dictionary(known.map { ($0.userID, $0) }) { $1 }
    }
}
