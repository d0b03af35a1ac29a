import ClientKit
import Foundation
import Postgres

/// The account at the end, computed from the rows, the mail catcher and the broker.
struct Account: Sendable {
    let database: Database
    let mail: MailCatcher
    let broker: BrokerCounts
    let services: [String]
    let expectation: Expectation
    /// Mails that SMTP's one window may have doubled.
    let doublesAllowed: Int

    func entries() async throws -> [Entry] {
        try await listings() + notifications() + mails() + analytics() + messages()
    }

    private func listings() async throws -> [Entry] {
        let ids = try await database.strings("SELECT provider_listing_id AS text FROM catalog.listings WHERE provider = \(GeneratedListing.provider)")
        let wanted = Set((0..<expectation.listings).map { GeneratedListing(number: $0).id })
        return [
            Entry(
                "scraping jobs that did not complete", expected: 0,
                found: try await database.number(
                    "SELECT count(*) FROM scraper.scraping_jobs WHERE status <> 'completed'")),
            Entry(
                "pages that were not read", expected: 0,
                found: try await database.number(
                    "SELECT count(*) FROM scraper.scraping_pages WHERE status <> 'read'")),
            Entry("listings in the catalog", expected: expectation.listings, found: ids.count),
            Entry("  of these, on the provider's site", expected: expectation.listings, found: wanted.intersection(ids).count),
            Entry(
                "matches told", expected: expectation.matches,
                found: try await database.number(
                    "SELECT count(*) FROM catalog.listing_matches WHERE matched_at IS NOT NULL")),
        ]
    }

    private func notifications() async throws -> [Entry] {
        let told = try await database.strings(
            """
            SELECT n.user_id || ' ' || coalesce(l.provider_listing_id, n.subject_key) AS text
            FROM alerts.notifications n LEFT JOIN catalog.listings l ON n.subject_key = 'listing:' || l.id
            """)
        return [
            Entry("notifications", expected: expectation.told.count, found: told.count),
            Entry(
                "  of these, right pairs of seeker and listing", expected: expectation.told.count, found: expectation.told.intersection(told).count),
            Entry(
                "notifications whose mail is known to be sent", expected: expectation.told.count,
                found: try await database.number(
                    "SELECT count(*) FROM alerts.notifications WHERE delivery_status = 'sent'")),
        ]
    }

    /// A mail's id is the left part of its Message-ID.
    private func mails() async throws -> [Entry] {
        let queued = try await database.strings(
            """
            SELECT q.id || ' ' || q.to_email AS text FROM campaigns.email_queue q JOIN alerts.notifications n ON q.reference = n.id
            WHERE q.status = 'sent'
            """)
        var copies: [String: Int] = [:]
        try await mail.everything { entry in
            let id = entry.messageID.drop { $0 == "<" }.prefix { $0 != "@" }
            copies["\(id.lowercased()) \(entry.to.first ?? "")", default: 0] += 1
        }
        let others = try await Set(
            database.strings(
                "SELECT id || ' ' || to_email AS text FROM campaigns.email_queue WHERE reference IS NULL AND status = 'sent'"))
        let notified = Set(queued)
        let doubles = copies.values.reduce(0) { $0 + $1 - 1 }
        return [
            Entry(
                "mails asked for", expected: expectation.told.count,
                found: try await database.number(
                    "SELECT count(*) FROM campaigns.email_queue WHERE reference IS NOT NULL")),
            Entry("mails sent, one for each notification", expected: expectation.told.count, found: notified.count),
            Entry(
                "mails of any kind not sent", expected: 0,
                found: try await database.number(
                    "SELECT count(*) FROM campaigns.email_queue WHERE status <> 'sent'")),
            Entry("  of these mails, caught", expected: expectation.told.count, found: notified.count { copies[$0] != nil }),
            Entry("mails caught that nobody asked for", expected: 0, found: copies.keys.count { !notified.contains($0) && !others.contains($0) }),
            Entry("mails caught again, with the same Message-ID", atMost: doublesAllowed, found: doubles),
        ]
    }

    private func analytics() async throws -> [Entry] {
        func heard(_ type: String) async throws -> Int {
            try await database.number("SELECT count(*) FROM analytics.user_events WHERE event_type = \(type)")
        }
        return [
            Entry("listings that analytics has heard of", expected: expectation.listings, found: try await heard("catalog.listing.created.v1")),
            Entry("matches that analytics has heard of", expected: expectation.matches, found: try await heard("catalog.listing.matched.v1")),
        ]
    }

    private func messages() async throws -> [Entry] {
        var entries: [Entry] = []
        for service in services {
            entries.append(Entry("messages in the outbox of \(service)", expected: 0, found: try await database.outbox(of: service)))
        }
        guard let queues = try await broker.queues() else { throw StepFailure("RabbitMQ's management API does not tell its counts.") }
        let dead = queues.filter(\.isDeadLetters)
        guard !dead.isEmpty else { throw StepFailure("RabbitMQ has no queue of dead letters.") }
        for queue in dead { entries.append(Entry("messages in \(queue.name)", expected: 0, found: queue.messages ?? 0)) }
        entries.append(
            Entry(
                "messages in the \(queues.count - dead.count) other queues", expected: 0,
                found: queues.reduce(0) { $1.isDeadLetters ? $0 : $0 + ($1.messages ?? 0) }))
        return entries
    }
}
