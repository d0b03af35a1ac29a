import Foundation
import Postgres

extension DeliveryStore {
    /// Decides by which channels something is told, and when. In the transaction that puts it into the inbox: it is told on its channels or it does not exist.
    func plan(_ notification: Notification, _ content: DeliveryContent, template: String?, now: Date, in tx: Transaction) async throws {
        let person: Preferences? = try await tx.first(
            """
            SELECT \(Preferences.columns) FROM recipients r LEFT JOIN notification_preferences p ON p.user_id = r.user_id
            WHERE r.user_id = \(notification.userID)
            """)
        guard let person else { return }
        let channels: [PlannedChannel] = try await tx.all(
            """
            SELECT \(PlannedChannel.columns) FROM notification_channels
            WHERE user_id = \(notification.userID) AND is_active AND is_verified AND \(notification.type) = ANY (enabled_notification_types)
                AND least(rate_limit_per_hour, rate_limit_per_day) > 0
            ORDER BY is_primary DESC, id LIMIT \(person.reach == .all ? Channel.mostOfOnePerson : 1)
            """)
        guard !channels.isEmpty else { return }
        var next: [Date] = []
        for channel in channels {
            let schedule = DigestSchedule(frequency: channel.frequency, time: person.digestTime, weekday: person.digestWeekday)
            if !notification.isUrgent, let time = schedule.next(after: now, on: person.clock) {
                next.append(try await collect(notification, on: channel, until: time, in: tx))
            } else {
                let quietEnd = person.quietEnd(at: now, isUrgent: notification.isUrgent)
                try await add(notification, content, template, on: channel, at: quietEnd ?? now, isHeld: quietEnd != nil, in: tx)
                if let quietEnd { next.append(quietEnd) }
            }
        }
        try await tx.execute(
            """
            UPDATE notifications SET delivery_method = \(channels[0].type), delivery_status = 'pending', scheduled_for = \(next.min()),
                max_delivery_attempts = (SELECT sum(q.max_retries + 1) FROM delivery_items i JOIN notification_queue q ON q.id = i.delivery_id
                    WHERE i.notification_id = \(notification.id))
            WHERE id = \(notification.id)
            """)
        tx.signal(Self.signal)
    }

    private func add(
        _ notification: Notification, _ content: DeliveryContent, _ template: String?, on channel: PlannedChannel, at time: Date, isHeld: Bool,
        in tx: Transaction
    ) async throws {
        try await tx.execute(
            """
            WITH delivery AS (
                INSERT INTO notification_queue (id, user_id, channel_id, channel, notification_type, priority, content, template_id, status, hold_reason,
                    scheduled_at, expires_at, delivery_key)
                VALUES (\(UUID.v7()), \(notification.userID), \(channel.id), \(channel.type), \(notification.type), \(notification.priority), \(JSON(content)),
                    \(template), \(isHeld ? "held" : "pending"), \(isHeld ? HoldReason.quietHours : nil), \(time), \(notification.expiresAt),
                    \("notification:\(notification.id.uuidString.lowercased()):\(channel.id.uuidString.lowercased())"))
                ON CONFLICT (delivery_key) DO NOTHING RETURNING id
            )
            INSERT INTO delivery_items (notification_id, delivery_id, channel_id, user_id)
            SELECT \(notification.id), id, \(channel.id), \(notification.userID) FROM delivery
            """)
    }

    /// Into the digest of the channel that is open, or a new one. The row's lock keeps it open until this has committed; one that was closed meanwhile is
    /// not open any more, and a new one takes this in. Returns when it goes out.
    private func collect(_ notification: Notification, on channel: PlannedChannel, until time: Date, in tx: Transaction) async throws -> Date {
        let id = UUID.v7()
        return try await tx.value(
            """
            WITH digest AS (
                INSERT INTO notification_queue (id, user_id, channel_id, channel, notification_type, content, status, hold_reason, scheduled_at,
                    delivery_key, is_digest, is_open)
                VALUES (\(id), \(notification.userID), \(channel.id), \(channel.type), 'digest', \(JSON(DeliveryContent())), 'held', 'digest', \(time),
                    \("digest:\(id.uuidString.lowercased())"), true, true)
                ON CONFLICT (channel_id) WHERE is_open DO UPDATE SET updated_at = now() RETURNING id, scheduled_at
            )
            INSERT INTO delivery_items (notification_id, delivery_id, channel_id, user_id)
            SELECT \(notification.id), id, \(channel.id), \(notification.userID) FROM digest RETURNING (SELECT scheduled_at FROM digest)
            """) ?? time
    }
}
