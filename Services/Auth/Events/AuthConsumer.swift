import Contracts
import Messaging

/// What auth hears.
struct AuthConsumer: Sendable {
    let actions: ModeratorActionStore
    let limits: RateLimitStore

    func listen(on consumer: Consumer) {
        consumer.on(EmailSent.self) { event, _, tx in
            if let reference = event.reference { try await actions.noteNotification(reference, tx) }
        }
        consumer.on(ReportRateLimits.self) { command, _, tx in try await limits.add(command.windows, tx) }
        consumer.on(RecordErasure.self) { receipt, delivery, tx in
            let sender = delivery.source.split(separator: "/").last.flatMap { ServiceName(rawValue: String($0)) }
            guard let sender else { throw Unprocessable("\(delivery.source) is no service") }
            try await ErasureStore.record(of: receipt.userID, by: sender, receipt.tables, tx)
        }
    }
}
