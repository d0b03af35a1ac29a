import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Leads have no account here, no channels and no quiet hours: what is to be told them goes where the sender says.
extension DeliveryStore {
    static let leadContext = "alerts.lead.to"

    /// Puts a message to a lead in. The same key again changes nothing. Throws `Unprocessable` for what nobody could send.
    func add(_ command: TellLead, now: Date = Date(), in tx: Transaction) async throws {
        guard let channel = ChannelType(rawValue: command.channel), [.email, .sms].contains(channel),
            let priority = Priority(rawValue: command.priority),
            (1...50).contains(command.type.unicodeScalars.count), (1...150).contains(command.key.unicodeScalars.count),
            command.template?.unicodeScalars.count ?? 0 <= 100, let sealed = Data(base64Encoded: command.sealedTo),
            let to = try? encryption.openString(Array(sealed), context: Self.leadContext)
        else { throw Unprocessable("the channel, the priority, the type, the key or where it goes makes no sense") }
        let item = DeliveryContent.Item(notificationID: command.leadID, type: command.type, title: command.title, message: command.message)
        let mail = command.template == nil ? nil : command.data.mapValues { TemplateValue.text($0) }
        let content = DeliveryContent(items: [item], count: 1, locale: command.locale, mail: mail)
        let secret = try DeliverySecret(to: to, name: command.toName).sealed(by: encryption)
        try await tx.execute(
            """
            INSERT INTO notification_queue (id, lead_id, channel, notification_type, priority, content, template_id, content_sealed, scheduled_at,
                expires_at, delivery_key)
            VALUES (\(UUID.v7()), \(command.leadID), \(channel), \(command.type), \(priority), \(JSON(content)), \(command.template), \(secret),
                \(command.scheduledFor ?? now), \(command.expiresAt), \("lead:\(command.leadID.uuidString.lowercased()):\(command.key)"))
            ON CONFLICT (delivery_key) DO NOTHING
            """)
        tx.signal(Self.signal)
    }

    /// Takes what is due for leads, as `claim` does for people.
    func claimForLeads(_ room: SendingRoom, lease: Duration, now: Date = Date()) async throws -> (claimed: [ClaimedDelivery], seen: Int) {
        try await postgres.transaction(as: ServiceCaller(), retries: 3) { tx in
            let due: [LeadDelivery] = try await tx.all(
                Self.due(room, LeadDelivery.columns, from: "notification_queue q", of: "q.lead_id IS NOT NULL", locking: "q", now: now))
            var claimed: [ClaimedDelivery] = []
            for delivery in due {
                if let taken = try await begin(delivery, lease: lease, now: now, in: tx) { claimed.append(taken) }
            }
            return (claimed, due.count)
        }
    }

    private func begin(_ due: LeadDelivery, lease: Duration, now: Date, in tx: Transaction) async throws -> ClaimedDelivery? {
        if due.isAbandoned { try await end(due.id, .unknown, Self.lost, now: now, in: tx) }
        if let expiry = due.expiresAt, expiry <= now {
            try await close(due.id, .expired, "it had expired before it could be sent", in: tx)
            return nil
        }
        let retries = due.retryCount + (due.isAbandoned ? 1 : 0)
        guard retries <= due.maxRetries, let secret = try? DeliverySecret.open(due.contentSealed, by: encryption), let to = secret.to else {
            try await close(due.id, .failed, "no sender has come to an end with it, or where it goes cannot be read", in: tx)
            return nil
        }
        let isMail = due.channel == .email
        _ = try await tx.batch([
            """
            UPDATE notification_queue SET status = \(isMail ? DeliveryStatus.handedOver : .sending), hold_reason = NULL, retry_count = \(retries),
                scheduled_at = \(now.addingTimeInterval(lease / .seconds(1))), started_at = coalesce(started_at, \(now)),
                content_sealed = CASE WHEN \(isMail) THEN NULL ELSE content_sealed END
            WHERE id = \(due.id)
            """,
            """
            INSERT INTO delivery_attempts (delivery_id, number, channel, started_at, outcome, ended_at)
            VALUES (\(due.id), \(due.attempts + 1), \(due.channel), \(now), \(isMail ? "handed_over" : "started"), \(isMail ? now : nil))
            """,
        ])
        guard !isMail else {
            try await tx.send(SendEmail(due, to: to, name: secret.name, publicURL: publicURL))
            return nil
        }
        return ClaimedDelivery(
            id: due.id, channel: due.channel, notificationType: due.notificationType, priority: due.priority, isDigest: false, content: due.content,
            secret: secret, metadata: [:], attempt: due.attempts + 1, expiresAt: due.expiresAt)
    }
}
