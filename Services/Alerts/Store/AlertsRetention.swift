import Foundation
import Postgres
import ServiceKit

/// What alerts keeps for a while and no longer.
enum AlertsRetention {
    static let rules = [
        // Ids are UUIDv7: the oldest come first in the primary key, and no other index is needed.
        RetentionRule("notifications that were read, after six months") { now, limit in
            """
            DELETE FROM notifications WHERE id IN (
                SELECT id FROM notifications
                WHERE is_read AND id < \(UUID.earliest(at: now.addingTimeInterval(-180 * 86_400))) AND created_at < \(now)::timestamptz - interval '6 months'
                ORDER BY id LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            """
        },
        RetentionRule("notifications that have expired, after six months") { now, limit in
            """
            DELETE FROM notifications WHERE id IN (
                SELECT id FROM notifications WHERE expires_at < \(now)::timestamptz - interval '6 months'
                ORDER BY expires_at LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            """
        },
        // With their content, and with the receipts of their attempts.
        RetentionRule("deliveries that are over, after three months") { now, limit in
            """
            DELETE FROM notification_queue WHERE id IN (
                SELECT id FROM notification_queue
                WHERE id < \(UUID.earliest(at: now.addingTimeInterval(-88 * 86_400))) AND updated_at < \(now)::timestamptz - interval '3 months'
                    AND status NOT IN ('pending', 'held', 'sending')
                ORDER BY id LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            """
        },
        RetentionRule("text messages that are over, after three months") { now, limit in
            """
            DELETE FROM sms_queue WHERE id IN (
                SELECT id FROM sms_queue WHERE status <> 'queued' AND created_at < \(now)::timestamptz - interval '3 months'
                ORDER BY created_at LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            """
        },
    ]
}
