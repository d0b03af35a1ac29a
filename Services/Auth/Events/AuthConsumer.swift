import Contracts
import Messaging

/// What auth hears.
struct AuthConsumer: Sendable {
    let actions: ModeratorActionStore

    func listen(on consumer: Consumer) {
        consumer.on(EmailSent.self) { event, _, tx in
            if let reference = event.reference { try await actions.noteNotification(reference, tx) }
        }
    }
}
