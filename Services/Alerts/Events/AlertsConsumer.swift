import Contracts
import Foundation
import Messaging
import Postgres

/// What alerts hears.
struct AlertsConsumer {
    let recipients: RecipientStore
    let notifications: NotificationStore
    let channels: ChannelStore
    let textMessages: SMSStore
    let hasSMSProvider: Bool
    let publicURL: String

    func listen(on consumer: Consumer) {
        consumer.on(UserRegistered.self) { event, _, tx in try await recipients.take(event.user, in: tx) }
        consumer.on(UserUpdated.self) { event, _, tx in try await recipients.take(event.user, in: tx) }
        consumer.on(ListingMatched.self) { event, _, tx in try await tell(event, in: tx) }
        consumer.on(SendSMS.self) { command, _, tx in try await queue(command, in: tx) }
        consumer.on(EmailSent.self) { event, _, tx in try await delivered(event.reference, status: "sent", in: tx) }
        consumer.on(EmailFailed.self) { event, _, tx in try await delivered(event.reference, status: "failed", in: tx) }
    }

    /// One notification per person and listing, and one mail for it where the person wants mail.
    private func tell(_ match: ListingMatched, in tx: Transaction) async throws {
        guard let recipient = try await recipients.lock(match.userID, in: tx) else { throw UnknownRecipient(userID: match.userID) }
        guard recipient.status != "deleted" else { return }
        let new = NewNotification(match, locale: recipient.locale)
        let channel = try await channels.email(of: match.userID, for: new.type, in: tx)
        guard let notification = try await notifications.add(new, by: channel?.channelType, in: tx), let channel else { return }
        try await tx.send(SendEmail(match, notification: notification, to: channel.destination, recipient: recipient, publicURL: publicURL))
    }

    /// Without a provider the message is not lost in silence: it is kept as failed, and auth's person can choose another way.
    private func queue(_ command: SendSMS, in tx: Transaction) async throws {
        guard command.kind == "security_code" else { throw Unprocessable("\(command.kind) is not a kind of text message") }
        let refusal: SMSFailureReason? =
            !hasSMSProvider ? .noProvider : Data(base64Encoded: command.sealedTo) == nil ? .unreadable : nil
        try await textMessages.add(command, refusal: refusal, in: tx)
    }

    private func delivered(_ notification: UUID?, status: String, in tx: Transaction) async throws {
        if let notification { try await notifications.delivered(notification, status: status, in: tx) }
    }
}
