import ClientKit
import Foundation

extension DemoFlow {
    private static let figures = [
        "users_registered", "sessions_started", "searches_saved", "jobs_ended", "listings_read", "pages_failed", "listings_created",
        "listings_matched", "notifications_created", "emails_sent", "emails_failed", "documents_uploaded",
    ]

    /// The dashboard's figures, as an administrator sees them.
    func showDashboard(to administrator: Person) async throws -> JSON {
        try await story.step("The dashboard, as an administrator sees it") { step in
            let overview = try await administrator.client.get("/v1/analytics/overview")
            step.say("computed at \(overview["last_updated_at"].string ?? "?"), kept for \(overview["cache_ttl_seconds"].int ?? 0) s")
            for name in Self.figures {
                guard let figure = overview[name].int else { throw StepFailure("The overview has no figure \(name).") }
                let label = name.replacingOccurrences(of: "_", with: " ")
                step.say(label.padding(toLength: 24, withPad: " ", startingAt: 0) + String(figure))
            }
            return overview
        }
    }

    /// How often analytics has seen an event of somebody.
    func count(_ type: String, of person: Person, seenBy administrator: Person) async throws -> Int {
        try await administrator.client.get("/v1/analytics/events?user_id=\(person.id)&event_type=\(type)&limit=100")["items"].items.count
    }
}
