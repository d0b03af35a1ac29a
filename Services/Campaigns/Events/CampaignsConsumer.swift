import Contracts
import Messaging

/// What campaigns hears: requests for mail, and whom auth knows.
struct CampaignsConsumer: Sendable {
    let intake: MailIntake
    let queue: EmailQueueStore
    let recipients: RecipientStore

    func register(on consumer: Consumer) {
        consumer.on(SendEmail.self) { command, _, tx in try await intake.accept(command, in: tx) }
        consumer.on(UserRegistered.self) { event, _, tx in try await recipients.save(event.user, in: tx) }
        consumer.on(UserUpdated.self) { event, _, tx in try await recipients.save(event.user, in: tx) }
        consumer.on(UserDeleted.self) { event, _, tx in
            try await recipients.forget(event.userID, version: event.version, in: tx)
            try await queue.forget(user: event.userID, in: tx)
        }
    }
}
