import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// `sms_queue`: text messages put in, leased to a sender, and what became of them.
struct SMSStore: Sendable {
    /// Ticks when a message was put in by this process.
    static let signal = "sms_queue"

    let postgres: Postgres

    /// Puts a message in, or notes why it cannot go. The same one asked for twice is one.
    func add(_ command: SendSMS, refusal: SMSFailureReason?, in tx: Transaction) async throws {
        let keeps = refusal == nil
        let added = try await tx.execute(
            """
            INSERT INTO sms_queue (id, user_id, kind, locale, sealed_to, sealed_data, status, failure_reason, expires_at)
            VALUES (\(command.smsID), \(command.userID), \(command.kind), \(command.locale),
                \(keeps ? Data(base64Encoded: command.sealedTo) : nil), \(keeps ? JSON(command.sealedData) : nil),
                \(keeps ? "queued" : "failed"), \(refusal), \(command.expiresAt))
            ON CONFLICT (id) DO NOTHING
            """)
        guard added == 1 else { return }
        if let refusal {
            try await tx.publish(
                SMSFailed(smsID: command.smsID, userID: command.userID, kind: command.kind, reason: refusal.rawValue))
        } else {
            tx.signal(Self.signal)
        }
    }

    /// Leases what is due for a while; the attempt is counted now.
    func claim(_ limit: Int, lease: Duration) async throws -> [QueuedSMS] {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.all(
                """
                UPDATE sms_queue SET attempts = attempts + 1, due_at = now() + make_interval(secs => \(lease / .seconds(1)))
                WHERE id IN (SELECT id FROM sms_queue WHERE status = 'queued' AND due_at <= now() ORDER BY due_at LIMIT \(limit) FOR UPDATE SKIP LOCKED)
                RETURNING \(QueuedSMS.columns)
                """)
        }
    }

    func sent(_ sms: QueuedSMS, reply: String) async throws {
        try await settle(sms, "status = 'sent', sent_at = now(), provider_reply = \(reply.limited(to: 500))") { tx in
            try await tx.publish(SMSSent(smsID: sms.id, userID: sms.userID, kind: sms.kind))
        }
    }

    func failed(_ sms: QueuedSMS, _ reason: SMSFailureReason, reply: String?) async throws {
        try await settle(sms, "status = 'failed', failure_reason = \(reason), provider_reply = \(reply?.limited(to: 500))") { tx in
            try await tx.publish(SMSFailed(smsID: sms.id, userID: sms.userID, kind: sms.kind, reason: reason.rawValue))
        }
    }

    func retry(_ sms: QueuedSMS, after pause: Duration, reply: String) async throws {
        _ = try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                """
                UPDATE sms_queue SET due_at = now() + make_interval(secs => \(pause / .seconds(1))), provider_reply = \(reply.limited(to: 500))
                WHERE id = \(sms.id) AND status = 'queued'
                """)
        }
    }

    /// What was to be said to somebody whose account is gone.
    func forget(user: UUID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM sms_queue WHERE user_id = \(user)")
    }

    /// Number and code go with the last word about a message.
    private func settle(_ sms: QueuedSMS, _ outcome: SQL, then: @Sendable @escaping (Transaction) async throws -> Void) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let settled = try await tx.execute(
                "UPDATE sms_queue SET \(outcome), sealed_to = NULL, sealed_data = NULL WHERE id = \(sms.id) AND status = 'queued'")
            if settled == 1 { try await then(tx) }
        }
    }
}
