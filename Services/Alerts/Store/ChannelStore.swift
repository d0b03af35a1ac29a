import Foundation
import Postgres
import ServiceKit

/// Where people want to be told.
struct ChannelStore {
    let postgres: Postgres

    /// The active e-mail channel that takes a type of notification: the primary one first.
    func email(of user: UUID, for type: String, in tx: Transaction) async throws -> Channel? {
        try await tx.first(
            """
            SELECT \(Channel.columns) FROM notification_channels
            WHERE user_id = \(user) AND channel_type = 'email' AND is_active AND \(type) = ANY (enabled_notification_types)
            ORDER BY is_primary DESC, id LIMIT 1
            """)
    }

    /// All of the caller's channels. A person has few: at most 20.
    func list(as caller: Caller) async throws -> [Channel] {
        try await postgres.all(
            as: caller,
            """
            SELECT \(Channel.columns) FROM notification_channels WHERE user_id = \(caller.userID) ORDER BY id LIMIT 20
            """)
    }

    func find(_ id: UUID, as caller: Caller) async throws -> Channel? {
        try await postgres.first(
            as: caller,
            """
            SELECT \(Channel.columns) FROM notification_channels WHERE id = \(id) AND user_id = \(caller.userID)
            """)
    }

    /// Applies a change to the version the caller knows; nil when it is not the caller's. A channel that becomes primary takes that from the other.
    func update(
        _ id: UUID, ifMatch version: Int64?, as caller: Caller, _ change: @Sendable (inout Channel) throws -> Void
    ) async throws -> Channel? {
        try await postgres.transaction(as: caller) { tx in
            // All of them, in one order: two channels that want to be the primary one at once must not wait for each other.
            let channels: [Channel] = try await tx.all(
                """
                SELECT \(Channel.columns) FROM notification_channels WHERE user_id = \(caller.userID) ORDER BY id FOR UPDATE
                """)
            guard var channel = channels.first(where: { $0.id == id }) else { return nil }
            try channel.expect(version)
            try change(&channel)
            if channel.isPrimary {
                try await tx.execute(
                    """
                    UPDATE notification_channels SET is_primary = false WHERE user_id = \(caller.userID) AND is_primary AND id <> \(id)
                    """)
            }
            return try await tx.first(
                """
                UPDATE notification_channels SET channel_name = \(channel.channelName), is_active = \(channel.isActive),
                    is_primary = \(channel.isPrimary), enabled_notification_types = \(channel.enabledNotificationTypes.map(\.rawValue)),
                    rate_limit_per_hour = \(channel.rateLimitPerHour)::integer, rate_limit_per_day = \(channel.rateLimitPerDay)::integer
                WHERE id = \(id) RETURNING \(Channel.columns)
                """)
        }
    }
}
