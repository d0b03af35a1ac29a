import Foundation
import Postgres

extension DeliveryStore {
    /// Decides by which channels something is told, and when. In the transaction that puts it into the inbox: it is told on its channels or it does not exist.
    func plan(_ notification: Notification, _ content: DeliveryContent, template: String?, now: Date, in tx: Transaction) async throws {
        try await plan([Telling(notification: notification, content: content, template: template)], now: now, in: tx)
    }

    /// Several at once, of one person or of many.
    func plan(_ telling: [Telling], now: Date, in tx: Transaction) async throws {
        let ways = try await ways(of: Array(Set(telling.map(\.notification.userID))), in: tx)
        var single: [SingleDelivery] = []
        var digests: [DigestEntry] = []
        var planned: [PlannedNotification] = []
        for told in telling {
            let notification = told.notification
            guard let way = ways[notification.userID] else { continue }
            let channels = way.channels.filter { $0.notificationTypes.contains(notification.type) }.prefix(way.person.reach == .all ? .max : 1)
            guard let first = channels.first else { continue }
            planned.append(PlannedNotification(id: notification.id, method: first.type))
            for channel in channels {
                let schedule = DigestSchedule(frequency: channel.frequency, time: way.person.digestTime, weekday: way.person.digestWeekday)
                if !notification.isUrgent, let time = schedule.next(after: now, on: way.person.clock) {
                    digests.append(DigestEntry(notification, on: channel, at: time))
                } else {
                    single.append(
                        SingleDelivery(told, on: channel, now: now, quietEnd: way.person.quietEnd(at: now, isUrgent: notification.isUrgent)))
                }
            }
        }
        guard !planned.isEmpty else { return }
        if !single.isEmpty { try await add(single, in: tx) }
        if !digests.isEmpty { try await collect(digests, in: tx) }
        try await tx.execute(
            """
            UPDATE notifications n SET delivery_method = planned.method, delivery_status = 'pending', scheduled_for = due.next,
                max_delivery_attempts = due.attempts
            FROM jsonb_to_recordset(\(JSON(planned))) AS planned (id uuid, method text) CROSS JOIN LATERAL (
                SELECT min(q.scheduled_at) FILTER (WHERE q.status = 'held') AS next, sum(q.max_retries + 1) AS attempts
                FROM delivery_items i JOIN notification_queue q ON q.id = i.delivery_id WHERE i.notification_id = planned.id
            ) AS due
            WHERE n.id = planned.id
            """)
        tx.signal(Self.signal)
    }

    private struct Way {
        var person: Preferences
        var channels: [PlannedChannel]
    }

    /// How people want to be told, and their channels, the primary one first.
    private func ways(of people: [UUID], in tx: Transaction) async throws -> [UUID: Way] {
        let found = try await tx.batch([
            """
            SELECT r.user_id, \(Preferences.columns) FROM recipients r LEFT JOIN notification_preferences p ON p.user_id = r.user_id
            WHERE r.user_id = ANY (\(people))
            """,
            """
            SELECT \(PlannedChannel.columns) FROM notification_channels
            WHERE user_id = ANY (\(people)) AND is_active AND is_verified AND least(rate_limit_per_hour, rate_limit_per_day) > 0
            ORDER BY user_id, is_primary DESC, id
            """,
        ])
        let channels = Dictionary(grouping: try found[1].map { try PlannedChannel(row: $0) }, by: \.userID)
        return try found[0].reduce(into: [:]) { ways, row in
            let user: UUID = try row["user_id"]
            ways[user] = Way(person: try Preferences(row: row), channels: channels[user] ?? [])
        }
    }

    private func add(_ deliveries: [SingleDelivery], in tx: Transaction) async throws {
        try await tx.execute(
            """
            WITH new AS (
                SELECT *, (\(deliveries.map(\.scheduledAt))::timestamptz[])[position] AS scheduled_at
                FROM ROWS FROM (jsonb_to_recordset(\(JSON(deliveries))) AS (id uuid, notification_id uuid, user_id uuid, channel_id uuid, channel text,
                    notification_type text, priority text, content jsonb, template_id text, is_held boolean, expires_at timestamptz))
                    WITH ORDINALITY AS new (id, notification_id, user_id, channel_id, channel, notification_type, priority, content, template_id, is_held,
                    expires_at, position)
            ), delivery AS (
                INSERT INTO notification_queue (id, user_id, channel_id, channel, notification_type, priority, content, template_id, status, hold_reason,
                    scheduled_at, expires_at, delivery_key)
                SELECT id, user_id, channel_id, channel, notification_type, priority, content, template_id,
                    CASE WHEN is_held THEN 'held' ELSE 'pending' END, CASE WHEN is_held THEN 'quiet_hours' END, scheduled_at, expires_at,
                    'notification:' || notification_id || ':' || channel_id
                FROM new ON CONFLICT (delivery_key) DO NOTHING RETURNING id
            )
            INSERT INTO delivery_items (notification_id, delivery_id, channel_id, user_id)
            SELECT notification_id, id, channel_id, user_id FROM new JOIN delivery USING (id)
            """)
    }

    /// Into the digests of the channels that are open, or new ones. The row's lock keeps it open until this has committed; one that was closed meanwhile is
    /// not open any more, and a new one takes these in.
    private func collect(_ entries: [DigestEntry], in tx: Transaction) async throws {
        try await tx.execute(
            """
            WITH new AS (
                SELECT *, (\(entries.map(\.scheduledAt))::timestamptz[])[position] AS scheduled_at
                FROM ROWS FROM (jsonb_to_recordset(\(JSON(entries))) AS (id uuid, notification_id uuid, user_id uuid, channel_id uuid, channel text))
                    WITH ORDINALITY AS new (id, notification_id, user_id, channel_id, channel, position)
            ), digest AS (
                INSERT INTO notification_queue (id, user_id, channel_id, channel, notification_type, content, status, hold_reason, scheduled_at,
                    delivery_key, is_digest, is_open)
                SELECT DISTINCT ON (channel_id) id, user_id, channel_id, channel, 'digest', \(JSON(DeliveryContent())), 'held', 'digest', scheduled_at,
                    'digest:' || id, true, true
                FROM new ORDER BY channel_id, id
                ON CONFLICT (channel_id) WHERE is_open DO UPDATE SET updated_at = now() RETURNING id, channel_id
            )
            INSERT INTO delivery_items (notification_id, delivery_id, channel_id, user_id)
            SELECT new.notification_id, digest.id, new.channel_id, new.user_id FROM new JOIN digest USING (channel_id)
            """)
    }
}

/// What is told and by which channel first.
private struct PlannedNotification: Encodable, Sendable {
    var id: UUID
    var method: ChannelType
}

/// One notification by one channel.
private struct SingleDelivery: Encodable, Sendable {
    var id = UUID.v7()
    var notificationID: UUID
    var userID: UUID
    var channelID: UUID
    var channel: ChannelType
    var notificationType: NotificationType
    var priority: Priority
    var content: DeliveryContent
    var templateID: String?
    var scheduledAt: Date
    /// Until the quiet hours end.
    var isHeld: Bool
    var expiresAt: Date?

    init(_ told: Telling, on channel: PlannedChannel, now: Date, quietEnd: Date?) {
        notificationID = told.notification.id
        userID = told.notification.userID
        channelID = channel.id
        self.channel = channel.type
        notificationType = told.notification.type
        priority = told.notification.priority
        content = told.content
        templateID = told.template
        scheduledAt = quietEnd ?? now
        isHeld = quietEnd != nil
        expiresAt = told.notification.expiresAt
    }

    enum CodingKeys: String, CodingKey {
        case id
        case notificationID = "notification_id"
        case userID = "user_id"
        case channelID = "channel_id"
        case channel
        case notificationType = "notification_type"
        case priority, content
        case templateID = "template_id"
        case isHeld = "is_held"
        case expiresAt = "expires_at"
    }
}

/// One notification in the digest of one channel.
private struct DigestEntry: Encodable, Sendable {
    /// Of the digest, when it is a new one.
    var id = UUID.v7()
    var notificationID: UUID
    var userID: UUID
    var channelID: UUID
    var channel: ChannelType
    /// When the digest goes out, when it is a new one.
    var scheduledAt: Date

    init(_ notification: Notification, on channel: PlannedChannel, at time: Date) {
        notificationID = notification.id
        userID = notification.userID
        channelID = channel.id
        self.channel = channel.type
        scheduledAt = time
    }

    enum CodingKeys: String, CodingKey {
        case id
        case notificationID = "notification_id"
        case userID = "user_id"
        case channelID = "channel_id"
        case channel
    }
}
