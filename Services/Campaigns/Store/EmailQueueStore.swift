import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// `email_queue`: mails put in, leased to a sender, and what became of them.
struct EmailQueueStore: Sendable {
    /// Ticks when a mail was put in by this process.
    static let signal = "email_queue"

    let postgres: Postgres

    /// The template for a mail and what is known of whom it goes to, in one round trip.
    func circumstances(of command: SendEmail, to address: String, in tx: Transaction) async throws -> MailCircumstances {
        let found: MailCircumstances? = try await tx.first(
            """
            SELECT t.id AS template_id, t.version AS template_version, r.status AS recipient_status, r.full_name AS recipient_name,
                r.email AS recipient_email,
                EXISTS (SELECT FROM email_suppressions s WHERE s.email = \(address) AND s.category IN ('*', t.category)) AS is_suppressed
            FROM (VALUES (1)) AS one
            LEFT JOIN LATERAL (\(TemplateStore.lookup(name: command.template, locale: command.locale))) AS t ON true
            LEFT JOIN recipients r ON r.user_id = \(command.userID)::uuid
            """)
        return found ?? MailCircumstances()
    }

    /// Puts a mail in. False when its id is there already: the same mail was asked for twice.
    func add(_ mail: NewEmail, in tx: Transaction) async throws -> Bool {
        let isSealed = !mail.sealed.isEmpty
        let status: EmailStatus = mail.refusal?.status ?? .queued
        let keeps = mail.refusal == nil
        let added = try await tx.execute(
            """
            INSERT INTO email_queue (id, template_id, template_name, from_email, from_name, to_email, to_name, subject, html_content, text_content,
                template_data, sealed_data, type, category, priority, status, max_retries, failure_reason, reference, unsubscribe_token, user_id, reply_to_email)
            VALUES (\(mail.id), \(mail.templateID), \(mail.templateName), \(mail.from.address), \(mail.from.name), \(mail.toEmail), \(mail.toName),
                \(mail.content.subject), \(isSealed ? "" : mail.content.html), \(isSealed ? nil : mail.content.text),
                \(keeps ? JSON(mail.data) : nil), \(keeps && isSealed ? JSON(mail.sealed) : nil), \(mail.type), \(mail.category), \(mail.type.priority),
                \(status), \(mail.maximumRetries), \(mail.refusal?.detail), \(mail.reference), \(mail.unsubscribeToken), \(mail.userID),
                \(mail.replyTo))
            ON CONFLICT (id) DO NOTHING
            """)
        if added == 1, keeps { tx.signal(Self.signal) }
        return added == 1
    }

    /// Leases up to `limit` mails that are due, the most urgent first. The attempt is counted now, before the server hears of it, so a process that dies
    /// while sending has used one up. A mail whose last lease ran out is given up here.
    ///
    /// - Parameter takingOver: whether leases that ran out are taken, too.
    func claim(_ limit: Int, lease: Duration, takingOver: Bool = true) async throws -> [ClaimedEmail] {
        let claimID = UUID.v7()
        return try await postgres.transaction(as: ServiceCaller()) { tx in
            let open: SQL = takingOver ? "('queued', 'sending')" : "('queued')"
            let answers = try await tx.batch([Self.claim(limit, of: open, lease: lease, as: claimID), Self.abandoned(of: open)])
            try await tx.publish(answers[1].map { try Self.failed($0, .retriesExhausted) })
            return try answers[0].map(ClaimedEmail.init(row:)).sorted { ($1.rank, $0.createdAt) < ($0.rank, $1.createdAt) }
        }
    }

    /// Holds what is still leased for longer.
    func renew(_ mails: [ClaimedEmail], lease: Duration) async throws {
        _ = try await postgres.batch(
            as: ServiceCaller(),
            [
                """
                UPDATE email_queue q SET due_at = now() + make_interval(secs => \(lease / .seconds(1)))
                FROM unnest(\(mails.map(\.id))::uuid[], \(mails.map(\.claimID))::uuid[]) AS r (id, claim_id)
                WHERE q.id = r.id AND q.claim_id = r.claim_id AND q.status = 'sending'
                """
            ])
    }

    /// Gives back what was leased and not begun: as if it had never been claimed.
    func release(_ mails: [ClaimedEmail]) async throws {
        guard !mails.isEmpty else { return }
        _ = try await postgres.batch(
            as: ServiceCaller(),
            [
                """
                UPDATE email_queue q SET status = 'queued', due_at = now(), claim_id = NULL, \(Self.notCounting)
                FROM unnest(\(mails.map(\.id))::uuid[], \(mails.map(\.claimID))::uuid[]) AS r (id, claim_id)
                WHERE q.id = r.id AND q.claim_id = r.claim_id
                """
            ])
    }

    /// Writes what became of several mails and tells of it, in one transaction. That a mail was sent is a fact even when the lease had run out meanwhile; other
    /// outcomes count only while the lease holds.
    func record(_ deliveries: [(mail: ClaimedEmail, outcome: DeliveryOutcome)]) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let answers = try await tx.batch([Self.sent(deliveries), Self.retried(deliveries), Self.failed(deliveries), Self.used(deliveries)])
            var events: [any Event] = []
            for row in answers[0] {
                events.append(
                    EmailSent(
                        emailID: try row["id"], userID: try row["user_id"], template: try row["template_name"] ?? "", reference: try row["reference"])
                )
            }
            for row in answers[2] { events.append(try Self.failed(row, .init(rawValue: try row["reason"]) ?? .rejected)) }
            try await tx.publish(events)
        }
    }

    func list(user: UUID?, status: EmailStatus?, after: UUID?, limit: Int, as caller: Caller) async throws -> [Email] {
        try await postgres.all(
            as: caller,
            """
            SELECT \(Email.listColumns) FROM email_queue
            WHERE (\(user)::uuid IS NULL OR user_id = \(user)::uuid) AND (\(status)::text IS NULL OR status = \(status)::text)
              AND (\(after)::uuid IS NULL OR id < \(after)::uuid)
            ORDER BY id DESC LIMIT \(limit)
            """)
    }

    func find(_ id: UUID, as caller: Caller) async throws -> Email? {
        try await postgres.first(as: caller, "SELECT \(Email.columns) FROM email_queue WHERE id = \(id)")
    }

    /// A person is gone: nothing in the queue names them any more, and what waits is not sent.
    func forget(user: UUID, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE email_queue SET to_email = 'deleted@hearth.invalid', to_name = NULL, cc_emails = '{}', bcc_emails = '{}', subject = '', html_content = '',
                text_content = NULL, template_data = NULL, sealed_data = NULL, attachments = '[]', unsubscribe_token = NULL, reply_to_email = NULL, user_id = NULL,
                status = CASE WHEN status IN ('queued', 'sending') THEN 'suppressed' ELSE status END
            WHERE user_id = \(user) OR to_email = (SELECT email FROM recipients WHERE user_id = \(user))
            """)
    }

    static func failed(_ row: Row, _ reason: DeliveryFailure.Reason) throws -> EmailFailed {
        EmailFailed(emailID: try row["id"], userID: try row["user_id"], reason: reason.rawValue, reference: try row["reference"])
    }
}
