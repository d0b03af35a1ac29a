import Foundation
import Postgres

extension EmailQueueStore {
    /// One index scan per rank, so that mails scheduled for later are not read over and over.
    static func claim(_ limit: Int, of open: SQL, lease: Duration, as claimID: UUID) -> SQL {
        """
        UPDATE email_queue q SET status = 'sending', claim_id = \(claimID), due_at = now() + make_interval(secs => \(lease / .seconds(1))),
            last_attempt_at = now(), current_retries = q.current_retries + CASE WHEN q.last_attempt_at IS NULL THEN 0 ELSE 1 END
        FROM (
            SELECT due.id FROM (VALUES (4), (3), (2), (1)) AS ranks (rank)
            CROSS JOIN LATERAL (
                SELECT e.id FROM email_queue e
                WHERE e.priority_rank = ranks.rank AND e.status IN \(open) AND e.due_at <= now()
                  AND (e.last_attempt_at IS NULL OR e.current_retries < e.max_retries)
                ORDER BY e.due_at LIMIT \(limit) FOR UPDATE SKIP LOCKED
            ) AS due
            LIMIT \(limit)
        ) AS chosen
        WHERE q.id = chosen.id RETURNING \(ClaimedEmail.columns)
        """
    }

    /// Mails whose last attempt was under a lease that ran out: whether the server took it, nobody can tell any more.
    static func abandoned(of open: SQL) -> SQL {
        """
        UPDATE email_queue SET status = 'failed', failure_reason = 'given up: the last attempt was interrupted', claim_id = NULL, \(withoutSecrets)
        WHERE id IN (
            SELECT id FROM email_queue
            WHERE priority_rank IN (1, 2, 3, 4) AND status IN \(open) AND due_at <= now()
              AND last_attempt_at IS NOT NULL AND current_retries >= max_retries
            LIMIT 100 FOR UPDATE SKIP LOCKED)
        RETURNING id, user_id, reference
        """
    }

    static func sent(_ deliveries: [(mail: ClaimedEmail, outcome: DeliveryOutcome)]) -> SQL {
        var ids: [UUID] = []
        var times: [Date] = []
        var names: [String] = []
        var replies: [String] = []
        for case (let mail, .sent(let reply, let time)) in deliveries {
            ids.append(mail.id)
            times.append(time)
            names.append(reply.queueID ?? "")
            replies.append(reply.description)
        }
        return """
            UPDATE email_queue q SET status = 'sent', sent_at = r.sent_at, provider_id = 'smtp', provider_message_id = NULLIF(r.name, ''),
                smtp_reply = r.reply, failure_reason = NULL, claim_id = NULL, \(withoutSecrets)
            FROM unnest(\(ids)::uuid[], \(times)::timestamptz[], \(names)::text[], \(replies)::text[]) AS r (id, sent_at, name, reply)
            WHERE q.id = r.id AND q.status IN ('queued', 'sending')
            RETURNING q.id, q.user_id, q.template_name, q.reference
            """
    }

    static func retried(_ deliveries: [(mail: ClaimedEmail, outcome: DeliveryOutcome)]) -> SQL {
        var ids: [UUID] = []
        var claims: [UUID] = []
        var pauses: [Double] = []
        var reasons: [String] = []
        var counted: [Bool] = []
        for case (let mail, .retry(let pause, let reason, let counts)) in deliveries {
            ids.append(mail.id)
            claims.append(mail.claimID)
            pauses.append(pause / .seconds(1))
            reasons.append(reason)
            counted.append(counts)
        }
        return """
            UPDATE email_queue q SET status = 'queued', due_at = now() + make_interval(secs => r.pause), failure_reason = r.reason, smtp_reply = r.reason,
                claim_id = NULL,
                last_attempt_at = CASE WHEN r.counted OR q.current_retries > 0 THEN q.last_attempt_at END,
                current_retries = CASE WHEN r.counted THEN q.current_retries ELSE GREATEST(q.current_retries - 1, 0) END
            FROM unnest(\(ids)::uuid[], \(claims)::uuid[], \(pauses)::float8[], \(reasons)::text[], \(counted)::boolean[])
                AS r (id, claim_id, pause, reason, counted)
            WHERE q.id = r.id AND q.claim_id = r.claim_id
            """
    }

    static func failed(_ deliveries: [(mail: ClaimedEmail, outcome: DeliveryOutcome)]) -> SQL {
        var ids: [UUID] = []
        var claims: [UUID] = []
        var reasons: [String] = []
        var details: [String] = []
        for case (let mail, .failed(let failure)) in deliveries {
            ids.append(mail.id)
            claims.append(mail.claimID)
            reasons.append(failure.reason.rawValue)
            details.append(failure.detail)
        }
        return """
            UPDATE email_queue q SET status = 'failed', failure_reason = r.detail, smtp_reply = r.detail, claim_id = NULL, \(withoutSecrets)
            FROM unnest(\(ids)::uuid[], \(claims)::uuid[], \(reasons)::text[], \(details)::text[]) AS r (id, claim_id, reason, detail)
            WHERE q.id = r.id AND q.claim_id = r.claim_id
            RETURNING q.id, q.user_id, q.reference, r.reason
            """
    }

    /// One row per template and transaction, last in it: copies that send from one template wait for each other only briefly.
    static func used(_ deliveries: [(mail: ClaimedEmail, outcome: DeliveryOutcome)]) -> SQL {
        var counts: [UUID: Int] = [:]
        for case (let mail, .sent) in deliveries { if let id = mail.templateID { counts[id, default: 0] += 1 } }
        let ordered = counts.sorted { $0.key.uuidString < $1.key.uuidString }
        return """
            UPDATE email_templates t SET usage_count = t.usage_count + r.count, last_used_at = now()
            FROM unnest(\(ordered.map(\.key))::uuid[], \(ordered.map(\.value))::bigint[]) AS r (id, count) WHERE t.id = r.id
            """
    }

    /// Whatever was sealed is gone for good once nobody will send the mail any more, and with it the values beside it.
    static let withoutSecrets: SQL = "template_data = CASE WHEN sealed_data IS NULL THEN template_data END, sealed_data = NULL"

    /// Takes the attempt back that the claim counted.
    static let notCounting: SQL = """
        last_attempt_at = CASE WHEN q.current_retries > 0 THEN q.last_attempt_at END, current_retries = GREATEST(q.current_retries - 1, 0)
        """
}
