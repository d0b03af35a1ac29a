import ClientKit
import Foundation

extension DemoFlow {
    /// What fits a saved search, with each criterion's share.
    func showMatches(of search: String, for seeker: Person, atLeast least: Int) async throws -> [JSON] {
        try await story.step("What fits the search, and why") { step in
            let matches = try await settledMatches(of: search, for: seeker, atLeast: least)
            for match in matches.prefix(8) {
                let listing = try await seeker.client.get("/v1/listings/\(match["listing_id"].string ?? "")")
                let shares = ["city", "type", "rent", "rooms"].map { "\($0) \(Self.two(match["shares"][$0]))" }.joined(separator: " + ")
                step.say("\(Self.two(match["relevance_score"])) = \(shares)  \(listing["title"].string ?? "")")
            }
            if matches.count > 8 { step.say("and \(matches.count - 8) more") }
            return matches
        }
    }

    /// The matches, once there are enough and no more come: two looks half a second apart see the same.
    private func settledMatches(of search: String, for seeker: Person, atLeast least: Int) async throws -> [JSON] {
        var seen = -1
        return try await Waiting.until("\(least) matches", within: .seconds(90), every: .milliseconds(500)) {
            let items = try await toldMatches(of: search, for: seeker)
            defer { seen = items.count }
            return items.count >= least && items.count == seen ? items : nil
        }
    }

    /// Those that came since the search was saved: what was there before is shown as well, and nobody is told of it.
    private func toldMatches(of search: String, for seeker: Person) async throws -> [JSON] {
        var told: [JSON] = []
        var cursor: String?
        repeat {
            let after = cursor.map { "&cursor=\($0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? $0)" } ?? ""
            let page = try await seeker.client.get("/v1/search-criteria/\(search)/matches?limit=100\(after)")
            told += page["items"].items.filter { $0["matched_at"].string != nil }
            cursor = page["next_cursor"].string
        } while cursor != nil
        return told
    }

    private static func two(_ number: JSON) -> String {
        (number.double ?? 0).formatted(.number.precision(.fractionLength(2)).locale(Locale(identifier: "en_US_POSIX")))
    }

    /// The notifications that came over the stream while everything else went on.
    func showEvents(of stream: LiveStream, expecting count: Int) async throws -> [LiveStream.Event] {
        try await story.step("What the live stream has shown meanwhile") { step in
            let events = try await Waiting.until("\(count) events on the live stream", within: .seconds(60)) {
                let events = await stream.events
                return events.count >= count ? events : nil
            }
            for event in events.prefix(8) {
                step.say("event \(event.id ?? "?"): \(event.data["title"].string ?? "") · \(event.data["message"].string ?? "")")
            }
            if events.count > 8 { step.say("and \(events.count - 8) more") }
            return events
        }
    }

    /// The mail for one of the matches.
    func showMail(to seeker: Person) async throws -> CaughtMail {
        try await story.step("The e-mail as it arrived") { step in
            let mail = try await mail.wait(for: "the mail about a new home", to: seeker.email) { $0.unsubscribeURL != nil }
            step.say("Subject: \(mail.subject)")
            for name in ["From", "To", "Date", "Message-ID", "Content-Type", "List-Unsubscribe", "List-Unsubscribe-Post"] {
                guard let value = mail[name] else { throw StepFailure("The mail has no \(name).") }
                step.say("\(name): \(value)")
            }
            guard let text = mail.text else { throw StepFailure("The mail has no text part.") }
            step.quote(text.trimmingCharacters(in: .whitespacesAndNewlines))
            return mail
        }
    }
}
