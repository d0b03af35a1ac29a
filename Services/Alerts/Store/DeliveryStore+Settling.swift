import Foundation
import Postgres
import ServiceKit

extension DeliveryStore {
    enum AttemptOutcome: String, PostgresEnumeration {
        case taken, deferred, rejected, unknown
    }

    /// What became of what was claimed. Nothing when the lease was lost meanwhile: then somebody else has it.
    func settle(_ delivery: ClaimedDelivery, _ outcome: SendOutcome, now: Date = Date()) async throws {
        try await postgres.transaction(as: ServiceCaller(), retries: 3) { tx in
            // A person who is to be told of it comes first, as with whoever tells them something; then the delivery, as with whoever claims.
            if case .rejected(_, isGone: true) = outcome, let user = delivery.userID { _ = try await RecipientStore().lock(user, in: tx) }
            let held: Int? = try await tx.value("SELECT 1 FROM notification_queue WHERE id = \(delivery.id) AND status = 'sending' FOR UPDATE")
            guard held != nil else { return }
            switch outcome {
            case .taken(let detail, let isThere):
                guard try await end(delivery.id, .taken, detail, number: delivery.attempt, now: now, in: tx) else { return }
                try await tx.execute(
                    """
                    UPDATE notification_queue SET status = \(isThere ? DeliveryStatus.delivered : .sent), sent_at = \(now),
                        delivered_at = \(isThere ? now : nil), error_message = NULL, content_sealed = NULL
                    WHERE id = \(delivery.id)
                    """)
            case .rejected(let reason, let isGone):
                guard try await end(delivery.id, .rejected, reason, number: delivery.attempt, now: now, in: tx) else { return }
                try await fail(delivery.id, reason, now: now, in: tx)
                if isGone, let channel = delivery.channelID { try await disable(channel, reason, now: now, in: tx) }
            case .deferred(let reason, let after):
                guard try await end(delivery.id, .deferred, reason, number: delivery.attempt, now: now, in: tx) else { return }
                try await retry(delivery, reason, after: RetryDelay.seconds(after: delivery.attempt, asked: after), now: now, in: tx)
            }
            try await tx.execute("SELECT refresh_notifications(\([delivery.id]))")
        }
    }

    /// Campaigns has sent a mail. False when it is none of this table.
    func mailed(_ id: UUID, now: Date = Date(), in tx: Transaction) async throws -> Bool {
        let sent = try await tx.execute(
            """
            UPDATE notification_queue SET status = 'sent', sent_at = \(now), error_message = NULL
            WHERE id = \(id) AND status IN ('handed_over', 'failed')
            """)
        guard sent == 1 else { return try await isKnown(id, in: tx) }
        _ = try await tx.batch([
            """
            UPDATE delivery_attempts SET outcome = 'taken', ended_at = \(now) WHERE delivery_id = \(id) AND outcome IN ('handed_over', 'rejected')
            """,
            "SELECT refresh_notifications(\([id]))",
        ])
        return true
    }

    /// Campaigns will not send a mail. False when it is none of this table.
    func refused(_ id: UUID, _ reason: String, now: Date = Date(), in tx: Transaction) async throws -> Bool {
        let held: Int? = try await tx.value("SELECT 1 FROM notification_queue WHERE id = \(id) AND status = 'handed_over' FOR UPDATE")
        guard held != nil else { return try await isKnown(id, in: tx) }
        try await tx.execute(
            """
            UPDATE delivery_attempts SET outcome = 'rejected', reason = \(reason), ended_at = \(now) WHERE delivery_id = \(id) AND outcome = 'handed_over'
            """)
        try await fail(id, "the mail was not sent: \(reason)", now: now, in: tx)
        try await tx.execute("SELECT refresh_notifications(\([id]))")
        return true
    }

    private func isKnown(_ id: UUID, in tx: Transaction) async throws -> Bool {
        let known: Int? = try await tx.value("SELECT 1 FROM notification_queue WHERE id = \(id)")
        return known != nil
    }

    private func retry(_ delivery: ClaimedDelivery, _ reason: String, after seconds: Double, now: Date, in tx: Transaction) async throws {
        let next = now.addingTimeInterval(seconds)
        let again = try await tx.execute(
            """
            UPDATE notification_queue SET status = 'held', hold_reason = 'retry', retry_count = retry_count + 1, scheduled_at = \(next),
                error_message = \(reason.limited(to: 500))
            WHERE id = \(delivery.id) AND retry_count < max_retries AND (expires_at IS NULL OR expires_at > \(next))
            """)
        if again == 0 { try await fail(delivery.id, "given up: \(reason)", now: now, in: tx) }
    }

    /// Ends the attempt that is under way; false when there is none, or another one.
    @discardableResult
    func end(_ delivery: UUID, _ outcome: AttemptOutcome, _ reason: String, number: Int? = nil, now: Date, in tx: Transaction) async throws -> Bool {
        let ofNumber: SQL = number.map { "AND number = \($0)" } ?? ""
        return try await tx.execute(
            """
            UPDATE delivery_attempts SET outcome = \(outcome), ended_at = \(now), reason = \(reason.limited(to: 500))
            WHERE delivery_id = \(delivery) AND outcome = 'started' \(ofNumber)
            """) == 1
    }

    func close(_ id: UUID, _ status: DeliveryStatus, _ reason: String, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE notification_queue SET status = \(status), hold_reason = NULL, is_open = false, error_message = \(reason.limited(to: 500)),
                content_sealed = NULL
            WHERE id = \(id)
            """)
    }

    /// It will not be told here; of what it holds, the next channel that takes the kind and has not had it yet tells each, once.
    func fail(_ id: UUID, _ reason: String, now: Date, in tx: Transaction) async throws {
        try await close(id, .failed, reason, in: tx)
        let next = try await tx.execute(
            """
            WITH failed AS (SELECT * FROM notification_queue WHERE id = \(id) AND notification_type <> 'channel_verification' AND user_id IS NOT NULL),
            next AS (
                SELECT i.notification_id, c.id AS channel_id, c.channel_type FROM failed JOIN delivery_items i ON i.delivery_id = failed.id
                    JOIN notifications n ON n.id = i.notification_id
                    CROSS JOIN LATERAL (
                        SELECT c.id, c.channel_type FROM notification_channels c
                        WHERE c.user_id = failed.user_id AND c.is_active AND c.is_verified AND least(c.rate_limit_per_hour, c.rate_limit_per_day) > 0
                            AND n.type = ANY (c.enabled_notification_types)
                            AND NOT EXISTS (SELECT 1 FROM delivery_items had WHERE had.notification_id = n.id AND had.channel_id = c.id)
                        ORDER BY c.is_primary DESC, c.id LIMIT 1
                    ) c
            ),
            delivery AS (
                INSERT INTO notification_queue (id, user_id, channel_id, channel, notification_type, priority, content, template_id, scheduled_at,
                    expires_at, delivery_key, is_digest, failed_over_from)
                SELECT uuid_v7(), failed.user_id, next.channel_id, next.channel_type, failed.notification_type, failed.priority, failed.content,
                    failed.template_id, \(now), failed.expires_at, 'failover:' || failed.id || ':' || next.channel_id, failed.is_digest, failed.id
                FROM failed, (SELECT DISTINCT channel_id, channel_type FROM next) next
                ON CONFLICT (delivery_key) DO NOTHING RETURNING id, channel_id, user_id
            )
            INSERT INTO delivery_items (notification_id, delivery_id, channel_id, user_id)
            SELECT next.notification_id, delivery.id, delivery.channel_id, delivery.user_id FROM next JOIN delivery USING (channel_id)
            """)
        if next > 0 { tx.signal(Self.signal) }
    }

    /// The other side says that there is nobody any more. Whoever has the channel hears of it in the inbox and on what is left.
    private func disable(_ id: UUID, _ reason: String, now: Date, in tx: Transaction) async throws {
        let channel: Channel? = try await tx.first(
            """
            UPDATE notification_channels SET is_active = false, disabled_reason = \(reason.limited(to: 200)) WHERE id = \(id) AND is_active
            RETURNING \(Channel.columns)
            """)
        guard let channel, let recipient = try await RecipientStore().lock(channel.userID, in: tx), recipient.status != "deleted" else { return }
        let notifications = NotificationStore(postgres: postgres)
        guard let told = try await notifications.add(NewNotification(disabled: channel, locale: recipient.locale), now: now, in: tx) else { return }
        try await plan(told, DeliveryContent(told, locale: recipient.locale), template: nil, now: now, in: tx)
    }
}
