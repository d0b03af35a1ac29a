import Contracts
import Messaging

/// What campaigns hears: requests for mail, and whom auth knows.
struct CampaignsConsumer: Sendable {
    let intake: MailIntake
    let queue: EmailQueueStore
    let recipients: RecipientStore
    let templates: TemplateStore

    private static let template = "template"

    func register(on consumer: Consumer) {
        consumer.on(SendEmail.self) { command, _, tx in try await intake.accept(command, in: tx) }
        consumer.on(UserRegistered.self) { event, _, tx in try await recipients.save(event.user, in: tx) }
        consumer.on(UserUpdated.self) { event, _, tx in try await recipients.save(event.user, in: tx) }
        consumer.on(AgencyDeleted.self) { event, _, tx in try await templates.deleteAll(of: event.agencyID, in: tx) }
        consumer.on(ContentRemoved.self) { event, _, tx in
            guard event.entityType == Self.template else { return }
            try await templates.setRemoved(event.entityID, true, version: event.version, in: tx)
        }
        consumer.on(ContentRestored.self) { event, _, tx in
            guard event.entityType == Self.template else { return }
            try await templates.setRemoved(event.entityID, false, version: event.version, in: tx)
        }
    }
}
