import Foundation
import Postgres
import ServiceKit

/// What analytics holds of people.
struct AnalyticsPersonalData: ServiceKit.PersonalData {
    let events: EventStore
    let audit: AuditLogStore

    let tables = [
        PersonalTable(
            "user_events", key: ["occurred_at", "id"], erasure: .anonymised("that something of its kind happened, and when: figures have to add up")),
        PersonalTable(
            "audit_logs", key: ["created_at", "id"],
            erasure: .kept("the trail of who did what, by a number that leads to nobody: without names, values, address and device")),
        PersonalTable("audit_logs_archive", key: ["created_at", "id"], erasure: .kept("as the trail of the last year is, until two years are over")),
        PersonalTable("erased_users", key: ["user_id"], isExported: false, erasure: .kept("so that what comes late is kept without them")),
    ]

    func erase(_ user: UUID, version: Int64, in tx: Transaction) async throws {
        try await events.anonymise(user: user, in: tx)
        try await audit.anonymise(user, in: tx)
    }
}
