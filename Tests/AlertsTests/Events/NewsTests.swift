import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Alerts

/// What becomes of what people keep and have asked for.
@Suite struct NewsTests {
    private func price(_ net: Decimal, deposit: Decimal? = nil) -> ListingPrice {
        ListingPrice(rentNetto: net, rentBrutto: nil, additionalCosts: nil, deposit: deposit, currency: "EUR")
    }

    @Test func `Whoever keeps a home hears of each change once, in their language, beside what a search has told of it`() async throws {
        try await AlertStage.with { stage in
            let (caller, english) = (Caller.test(), Caller.test())
            try await stage.register(caller)
            try await stage.register(english, locale: "en-GB")
            let home = UUID.v7()
            func listing(_ version: Int64) -> ListingSnapshot {
                .sample {
                    $0.id = home
                    $0.homeID = home
                    $0.version = version
                }
            }
            var match = ListingMatched.sample(for: caller.userID)
            match.listing = listing(1)
            let first = match
            let news: [FavoriteChanged] = [caller.userID, english.userID].flatMap { user in
                [
                    FavoriteChanged(
                        favoriteID: user, userID: user, change: .price, listing: listing(2), before: price(1900), after: price(1890.5, deposit: 3000),
                        happenedAt: Date()),
                    FavoriteChanged(favoriteID: user, userID: user, change: .gone, listing: listing(3), happenedAt: Date()),
                    FavoriteChanged(favoriteID: user, userID: user, change: .back, listing: listing(4), happenedAt: Date()),
                    FavoriteChanged(favoriteID: user, userID: user, change: .gone, listing: listing(5), happenedAt: Date()),
                ]
            }
            try await stage.service.speaking(as: .catalog) { catalog in
                try await catalog.say(first)
                for event in news + news { try await catalog.say(event) }
            }
            try await eventually { try await stage.count("SELECT count(*) FROM inbox") == 1 + 2 * news.count }
            let inbox = try await stage.inbox(caller).items
            #expect(
                Set(inbox.map(\.title)) == [
                    "Helle Wohnung", "Neuer Preis: Helle Wohnung", "Nicht mehr im Angebot: Helle Wohnung", "Wieder im Angebot: Helle Wohnung",
                ])
            #expect(inbox.count == 5)
            let changed = try #require(try await stage.inbox(caller, "tag=price").items.first)
            #expect(changed.message.hasPrefix("Kaltmiete 1.890,50 € (vorher 1.900 €) · Kaution 3.000 € · Berlin, Kreuzberg"), "\(changed.message)")
            #expect(changed.data["listing_id"] == home.uuidString.lowercased() && changed.type == .newListing)
            let said = try await stage.inbox(english).items
            #expect(
                said.count == 4
                    && said.contains { $0.title == "New price: Helle Wohnung" && $0.message.hasPrefix("net rent 1,890.50 € (before 1,900 €)") })
            try await eventually { try await stage.mails().count == 9 }
        }
    }

    @Test func `Whose job has found contacts hears of it once, and nobody of one that has found none or was cancelled`() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.register(caller)
            func ended(_ job: UUID, _ status: String, found: Int) -> ContactDiscoveryEnded {
                ContactDiscoveryEnded(
                    jobID: job, userID: caller.userID, status: status, listingsProcessed: 3, contactsExtracted: 5, contactsValidated: found,
                    errorsCount: 0,
                    errorMessage: nil)
            }
            let job = UUID.v7()
            let events = [
                ended(job, "failed", found: 2), ended(job, "completed", found: 4), ended(.v7(), "completed", found: 0),
                ended(.v7(), "cancelled", found: 1),
            ]
            try await stage.service.speaking(as: .scraper) { scraper in
                for event in events + events { try await scraper.say(event) }
            }
            try await eventually { try await stage.count("SELECT count(*) FROM inbox") == 8 }
            let inbox = try await stage.inbox(caller).items
            #expect(inbox.map(\.type) == [.contactFound] && inbox.first?.data["job_id"] == job.uuidString.lowercased())
            #expect(["2 Kontakte gefunden", "4 Kontakte gefunden"].contains(inbox.first?.title))
            try await eventually { try await stage.mails().map(\.template) == ["notice"] }
        }
    }
}
