import Foundation
import Postgres
import ServiceKit

/// What alerts holds of people.
struct AlertsPersonalData: PersonalData {
    let recipients: RecipientStore
    let textMessages: SMSStore

    let tables = [
        PersonalTable("notifications", erasure: .deleted),
        PersonalTable("notification_preferences", key: ["user_id"], erasure: .deleted),
        PersonalTable(
            "notification_channels", omitting: ["verification_code_hash", "address_sealed", "address_fingerprint"], erasure: .deleted),
        PersonalTable("notification_queue", omitting: ["content_sealed"], erasure: .deleted),
        PersonalTable("delivery_items", key: ["notification_id", "channel_id"], erasure: .deleted),
        PersonalTable("delivery_attempts", key: ["delivery_id", "number"], erasure: .deleted),
        PersonalTable("sms_queue", omitting: ["sealed_to", "sealed_data"], erasure: .deleted),
        PersonalTable("stream_tickets", key: ["ticket_hash"], isExported: false, erasure: .deleted),
        PersonalTable(
            "recipients", key: ["user_id"], erasure: .anonymised("the number alone, so that nothing that comes late is told to anybody")),
    ]

    func erase(_ user: UUID, version: Int64, in tx: Transaction) async throws {
        try await recipients.forget(user, version: version, in: tx)
        try await textMessages.forget(user: user, in: tx)
    }
}
