import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

extension DeliveryStore {
    /// Takes what is due, of each kind of channel as much as there is room for: mails go to campaigns in this transaction, the rest is leased to the caller,
    /// who sends it. What may not go out now is held, failed or left to another channel.
    /// - Returns: what is to be sent, and how many were looked at.
    func claim(_ room: SendingRoom, lease: Duration, now: Date = Date()) async throws -> (claimed: [ClaimedDelivery], seen: Int) {
        try await postgres.transaction(as: ServiceCaller(), retries: 3) { tx in
            let orphans = try await takeOrphans(now: now, in: tx)
            // The channels too, so that two copies do not count the same room twice; a copy passes over what another one has.
            let due: [DueDelivery] = try await tx.all(
                Self.due(
                    room, DueDelivery.columns,
                    from: """
                        notification_queue q JOIN notification_channels c ON c.id = q.channel_id JOIN recipients r ON r.user_id = q.user_id
                        LEFT JOIN notification_preferences p ON p.user_id = q.user_id
                        """,
                    locking: "q, c", now: now))
            guard !due.isEmpty else { return ([], orphans) }
            var usage = try await usage(of: Set(due.map(\.channelID)), now: now, in: tx)
            var claimed: [ClaimedDelivery] = []
            for delivery in due {
                if let taken = try await take(delivery, &usage[delivery.channelID, default: .init()], lease: lease, now: now, in: tx) {
                    claimed.append(taken)
                }
            }
            try await tx.execute("SELECT refresh_notifications(\(due.map(\.id)))")
            return (claimed, due.count + orphans)
        }
    }

    /// The first that are due of each kind of channel, by priority and time: for each priority one range of `notification_queue_claims`, and no more of it than
    /// there is room for.
    static func due(_ room: SendingRoom, _ columns: SQL, from tables: SQL, of whom: SQL = "true", locking: SQL, now: Date) -> SQL {
        let types = ChannelType.allCases.filter { room[$0] > 0 }
        return """
            SELECT due.* FROM unnest(\(types.map(\.rawValue))::text[], \(types.map { room[$0] })::integer[]) AS room (channel, free)
            CROSS JOIN LATERAL (
                SELECT first.* FROM generate_series(0, 3) AS rank CROSS JOIN LATERAL (
                    SELECT \(columns), q.priority_rank, q.scheduled_at FROM \(tables)
                    WHERE q.channel = room.channel AND q.priority_rank = rank AND q.status IN ('pending', 'held', 'sending') AND q.scheduled_at <= \(now)
                        AND \(whom)
                    ORDER BY q.scheduled_at LIMIT room.free FOR NO KEY UPDATE OF \(locking) SKIP LOCKED
                ) AS first ORDER BY first.priority_rank, first.scheduled_at LIMIT room.free
            ) AS due ORDER BY due.priority_rank, due.scheduled_at
            """
    }

    /// What a sender had that was lost, of a channel that is gone by now, goes to the others.
    private func takeOrphans(now: Date, in tx: Transaction) async throws -> Int {
        let left: [UUID] = try await tx.rows(
            """
            SELECT id FROM notification_queue
            WHERE channel_id IS NULL AND lead_id IS NULL AND status IN ('pending', 'held', 'sending') AND scheduled_at <= \(now)
            ORDER BY scheduled_at LIMIT 16 FOR NO KEY UPDATE SKIP LOCKED
            """
        ).map { try $0["id"] }
        guard !left.isEmpty else { return 0 }
        for id in left {
            try await end(id, .unknown, Self.lost, now: now, in: tx)
            try await fail(id, "the channel was removed", now: now, in: tx)
        }
        try await tx.execute("SELECT refresh_notifications(\(left))")
        return left.count
    }

    private func take(
        _ due: DueDelivery, _ usage: inout Clearance.Usage, lease: Duration, now: Date, in tx: Transaction
    ) async throws -> ClaimedDelivery? {
        var retries = due.retryCount
        if due.isAbandoned {
            try await end(due.id, .unknown, Self.lost, now: now, in: tx)
            guard due.channel.knowsRepeats else {
                try await fail(due.id, "it may have been sent, and is not sent twice", now: now, in: tx)
                return nil
            }
            retries += 1
            guard retries <= due.maxRetries else {
                try await fail(due.id, "no sender has come to an end with it", now: now, in: tx)
                return nil
            }
        }
        switch Clearance.of(due, usage, now: now) {
        case .expired: try await close(due.id, .expired, "it had expired before it could be sent", in: tx)
        case .unusable(let reason):
            try await fail(due.id, reason, now: now, in: tx)
        case .hold(let reason, let until):
            try await tx.execute(
                """
                UPDATE notification_queue SET status = 'held', hold_reason = \(reason), scheduled_at = \(until), retry_count = \(retries)
                WHERE id = \(due.id)
                """)
        case .send:
            guard let content = try await content(of: due, now: now, in: tx) else {
                try await close(due.id, .cancelled, "nothing of it is left to be told", in: tx)
                return nil
            }
            if due.attempts == 0, !due.isVerification {
                usage.lastHour += 1
                usage.lastDay += 1
                usage.oldestOfHour = usage.oldestOfHour ?? now
                usage.oldestOfDay = usage.oldestOfDay ?? now
            }
            return try await begin(due, content, retries: retries, lease: lease, now: now, in: tx)
        }
        return nil
    }

    private func begin(
        _ due: DueDelivery, _ content: DeliveryContent, retries: Int, lease: Duration, now: Date, in tx: Transaction
    ) async throws -> ClaimedDelivery? {
        let secret = try due.contentSealed.map { try DeliverySecret.open($0, by: encryption) }
        let isMail = due.channel == .email
        let number = due.attempts + 1
        _ = try await tx.batch([
            """
            UPDATE notification_queue SET status = \(isMail ? DeliveryStatus.handedOver : .sending), hold_reason = NULL, is_open = false,
                scheduled_at = \(now.addingTimeInterval(lease / .seconds(1))), started_at = coalesce(started_at, \(now)), content = \(JSON(content)),
                retry_count = \(retries), content_sealed = CASE WHEN \(isMail) THEN NULL ELSE content_sealed END
            WHERE id = \(due.id)
            """,
            """
            INSERT INTO delivery_attempts (delivery_id, number, user_id, channel, started_at, outcome, ended_at)
            VALUES (\(due.id), \(number), \(due.userID), \(due.channel), \(now), \(isMail ? "handed_over" : "started"), \(isMail ? now : nil))
            """,
        ])
        guard !isMail else {
            try await tx.send(SendEmail(due, content, secret: secret, encryption: encryption, publicURL: publicURL))
            return nil
        }
        return ClaimedDelivery(
            id: due.id, userID: due.userID, channelID: due.channelID, channel: due.channel, notificationType: due.notificationType,
            priority: due.priority, isDigest: due.isDigest, content: content, secret: secret, addressSealed: due.addressSealed,
            metadata: due.metadata, attempt: number, expiresAt: due.expiresAt)
    }

    private func content(of due: DueDelivery, now: Date, in tx: Transaction) async throws -> DeliveryContent? {
        due.isDigest && due.attempts == 0 ? try await digest(due.id, locale: due.locale, now: now, in: tx) : due.content
    }

    /// A digest is written when it is first sent, out of what it holds then. Nil when nothing is left of it.
    private func digest(_ id: UUID, locale: String, now: Date, in tx: Transaction) async throws -> DeliveryContent? {
        let items: [DigestItem] = try await tx.all(
            """
            SELECT \(DigestItem.columns) FROM delivery_items i JOIN notifications n ON n.id = i.notification_id
            WHERE i.delivery_id = \(id) AND NOT n.is_archived AND (n.expires_at IS NULL OR n.expires_at > \(now))
            ORDER BY n.sequence LIMIT \(DeliveryContent.mostItems)
            """)
        guard let first = items.first else { return nil }
        return DeliveryContent(items: items.map(\.item), count: first.count, locale: locale)
    }

    /// Leaves what waits for a channel to the others, before the channel goes. What is being sent is left to its sender.
    func leave(_ channel: UUID, now: Date, in tx: Transaction) async throws {
        let waiting: [UUID] = try await tx.rows(
            "SELECT id FROM notification_queue WHERE channel_id = \(channel) AND status IN ('pending', 'held') ORDER BY id FOR NO KEY UPDATE"
        ).map { try $0["id"] }
        for id in waiting { try await fail(id, "the channel was removed", now: now, in: tx) }
        try await tx.execute("SELECT refresh_notifications(\(waiting))")
    }

    private func usage(of channels: Set<UUID>, now: Date, in tx: Transaction) async throws -> [UUID: Clearance.Usage] {
        let rows: [ChannelUsage] = try await tx.all(
            """
            SELECT \(ChannelUsage.columns(now: now)) FROM notification_queue
            WHERE channel_id = ANY (\(Array(channels))) AND started_at > \(now.addingTimeInterval(-86_400)) AND notification_type <> 'channel_verification'
            GROUP BY channel_id
            """)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.channelID, $0.usage) })
    }
}
