import Foundation
import Postgres
import ServiceKit

/// What alerts holds of people.
struct AlertsPersonalData: PersonalData {
    let recipients: RecipientStore
    let textMessages: SMSStore

    let tables = [
        PersonalTable("notifications", erasure: .deleted),
        PersonalTable("notification_channels", omitting: ["verification_code_hash"], erasure: .deleted),
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
