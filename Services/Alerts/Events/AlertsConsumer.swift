import Contracts
import Foundation
import Messaging
import Postgres

/// What alerts hears.
struct AlertsConsumer: Sendable {
    let recipients: RecipientStore
    let notifications: NotificationStore
    let deliveries: DeliveryStore
    let textMessages: SMSStore
    let hasSMSProvider: Bool
    let publicURL: String

    func listen(on consumer: Consumer) {
        consumer.on(UserRegistered.self) { event, _, tx in try await recipients.take(event.user, in: tx) }
        consumer.on(UserUpdated.self) { event, _, tx in try await recipients.take(event.user, in: tx) }
        consumer.onMany(ListingMatched.self) { matches, tx in try await tell(matches, in: tx) }
        consumer.on(FavoriteChanged.self) { event, _, tx in try await tell(event.userID, in: tx) { NewNotification(event, locale: $0) } }
        consumer.on(ContactDiscoveryEnded.self) { event, _, tx in
            // Whoever has cancelled it is not waiting for it.
            guard event.contactsValidated > 0, event.status != "cancelled" else { return }
            try await tell(event.userID, in: tx) { NewNotification(event, locale: $0) }
        }
        consumer.on(TellPerson.self) { command, _, tx in try await tell(command, in: tx) }
        consumer.on(TellLead.self) { command, _, tx in try await deliveries.add(command, in: tx) }
        consumer.on(SendSMS.self) { command, _, tx in try await queue(command, in: tx) }
        consumer.on(EmailSent.self) { event, _, tx in
            guard try await !deliveries.mailed(event.emailID, in: tx), let notification = event.reference else { return }
            try await notifications.delivered(notification, status: "sent", in: tx)
        }
        consumer.on(EmailFailed.self) { event, _, tx in
            guard try await !deliveries.refused(event.emailID, event.reason, in: tx), let notification = event.reference else { return }
            try await notifications.delivered(notification, status: "failed", in: tx)
        }
    }

    /// One notification per person and listing, told where and when the person wants.
    private func tell(_ matches: [(message: ListingMatched, delivery: Messaging.Delivery)], in tx: Transaction) async throws {
        let people = try await recipients.lock(matches.map(\.message.userID), in: tx)
        var told: [UUID: (match: ListingMatched, cause: Messaging.Delivery, locale: String)] = [:]
        var new: [NewNotification] = []
        for (match, cause) in matches {
            guard let person = people[match.userID] else { throw UnknownRecipient(userID: match.userID) }
            guard person.status != "deleted" else { continue }
            let notification = NewNotification(match, locale: person.locale)
            new.append(notification)
            told[notification.id] = (match, cause, person.locale)
        }
        let added = try await notifications.add(new, causes: told.mapValues(\.cause), in: tx)
        let telling = added.compactMap { notification in
            told[notification.id].map { told in
                let mail = ListingMail.data(told.match, locale: told.locale, publicURL: publicURL)
                return Telling(
                    notification: notification, content: DeliveryContent(notification, locale: told.locale, mail: mail),
                    template: ListingMail.template)
            }
        }
        try await deliveries.plan(telling, now: Date(), in: tx)
    }

    private func tell(_ command: TellPerson, in tx: Transaction) async throws {
        let new = try NewNotification(command)
        try await tell(command.userID, in: tx) { _ in new }
    }

    /// Told in the person's language, once per subject.
    private func tell(_ user: UUID, in tx: Transaction, _ words: (_ locale: String) -> NewNotification) async throws {
        guard let recipient = try await recipient(user, in: tx),
            let notification = try await notifications.add(words(recipient.locale), in: tx)
        else { return }
        // What is for later is planned when its time has come.
        guard notification.sequence != nil else { return }
        try await deliveries.plan(notification, DeliveryContent(notification, locale: recipient.locale), template: nil, now: Date(), in: tx)
    }

    /// Locked; nil for whoever is gone. Throws for somebody who has not been heard of yet: trying again later helps.
    private func recipient(_ user: UUID, in tx: Transaction) async throws -> Recipient? {
        guard let recipient = try await recipients.lock(user, in: tx) else { throw UnknownRecipient(userID: user) }
        return recipient.status == "deleted" ? nil : recipient
    }

    /// Without a provider the message is not lost in silence: it is kept as failed, and auth's person can choose another way.
    private func queue(_ command: SendSMS, in tx: Transaction) async throws {
        guard command.kind == "security_code" else { throw Unprocessable("\(command.kind) is not a kind of text message") }
        let refusal: SMSFailureReason? =
            !hasSMSProvider ? .noProvider : Data(base64Encoded: command.sealedTo) == nil ? .unreadable : nil
        try await textMessages.add(command, refusal: refusal, in: tx)
    }
}
