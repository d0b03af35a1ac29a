import Foundation
import Postgres
import ServiceKit

/// What campaigns holds of people.
struct CampaignsPersonalData: PersonalData {
    let recipients: RecipientStore
    let queue: EmailQueueStore

    let tables = [
        PersonalTable("recipients", key: ["user_id"], erasure: .anonymised("the number alone, so that nothing that comes late is sent")),
        PersonalTable(
            "email_queue", alsoNaming: ["created_by", "to_email", "from_email", "cc_emails", "bcc_emails", "reply_to_email"],
            omitting: ["sealed_data", "unsubscribe_token", "claim_id", "smtp_reply"],
            erasure: .anonymised("that a mail of its kind was sent, and when, without address and content: what left the house has to add up")),
        PersonalTable("email_suppressions", alsoNaming: ["email"], erasure: .deleted),
        PersonalTable(
            "email_templates", person: "created_by", alsoNaming: ["last_modified_by"], isExported: false,
            erasure: .kept("the templates of an agency belong to it")),
    ]

    func erase(_ user: UUID, version: Int64, in tx: Transaction) async throws {
        try await queue.forget(user: user, in: tx)
        try await recipients.forget(user, version: version, in: tx)
    }
}
