import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

extension DeliveryStore {
    /// Takes what is due: mails go to campaigns in this transaction, the rest is leased to the caller, who sends it. What may not go out now is held, failed
    /// or left to another channel.
    /// - Returns: what is to be sent, and how many were looked at.
    func claim(_ limit: Int, lease: Duration, now: Date = Date()) async throws -> (claimed: [ClaimedDelivery], seen: Int) {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            // The channels too, so that two copies do not count the same room twice; a copy passes over what another one has.
            let due: [DueDelivery] = try await tx.all(
                """
                SELECT \(DueDelivery.columns) FROM notification_queue q JOIN notification_channels c ON c.id = q.channel_id
                    JOIN recipients r ON r.user_id = q.user_id LEFT JOIN notification_preferences p ON p.user_id = q.user_id
                WHERE q.status IN ('pending', 'held', 'sending') AND q.scheduled_at <= \(now)
                ORDER BY q.priority_rank, q.scheduled_at LIMIT \(limit) FOR NO KEY UPDATE OF q, c SKIP LOCKED
                """)
            guard !due.isEmpty else { return ([], 0) }
            var usage = try await usage(of: Set(due.map(\.channelID)), now: now, in: tx)
            var claimed: [ClaimedDelivery] = []
            for delivery in due {
                if let taken = try await take(delivery, &usage[delivery.channelID, default: .init()], lease: lease, now: now, in: tx) {
                    claimed.append(taken)
                }
            }
            try await tx.execute("SELECT refresh_notifications(\(due.map(\.id)))")
            return (claimed, due.count)
        }
    }

    private func take(
        _ due: DueDelivery, _ usage: inout Clearance.Usage, lease: Duration, now: Date, in tx: Transaction
    ) async throws -> ClaimedDelivery? {
        var retries = due.retryCount
        if due.isAbandoned {
            try await end(due.id, .unknown, "the sender was lost before it could say what came of it", now: now, in: tx)
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
            if due.isOpen { try await write(due.id, locale: due.locale, now: now, in: tx) }
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
        due.isOpen ? try await digest(due.id, locale: due.locale, now: now, in: tx) : due.content
    }

    /// A digest is written when it closes, out of what it holds then. Nil when nothing is left of it.
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

    /// So that another channel can tell what this one will not.
    private func write(_ id: UUID, locale: String, now: Date, in tx: Transaction) async throws {
        guard let content = try await digest(id, locale: locale, now: now, in: tx) else { return }
        try await tx.execute("UPDATE notification_queue SET content = \(JSON(content)) WHERE id = \(id)")
    }

    /// Leaves what waits for a channel to the others, before the channel goes.
    func leave(_ channel: UUID, now: Date = Date(), in tx: Transaction) async throws {
        let waiting: [DueDelivery] = try await tx.all(
            """
            SELECT \(DueDelivery.columns) FROM notification_queue q JOIN notification_channels c ON c.id = q.channel_id
                JOIN recipients r ON r.user_id = q.user_id LEFT JOIN notification_preferences p ON p.user_id = q.user_id
            WHERE q.channel_id = \(channel) AND q.status IN ('pending', 'held') ORDER BY q.id FOR NO KEY UPDATE OF q
            """)
        for delivery in waiting {
            if delivery.isOpen { try await write(delivery.id, locale: delivery.locale, now: now, in: tx) }
            try await fail(delivery.id, "the channel was removed", now: now, in: tx)
        }
        try await tx.execute("SELECT refresh_notifications(\(waiting.map(\.id)))")
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
