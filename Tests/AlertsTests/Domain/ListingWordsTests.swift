import Contracts
import Foundation
import TestKit
import Testing

@testable import Alerts

@Suite("A listing in words")
struct ListingWordsTests {
    @Test("reads as a person of the locale writes figures")
    func locales() {
        #expect(ListingWords(.sample(), locale: "de-AT").summary == "Berlin, Kreuzberg · 2,5 Zimmer · 64 m² · 1.890,50 € kalt")
        #expect(ListingWords(.sample(), locale: "en-GB").summary == "Berlin, Kreuzberg · 2.5 rooms · 64 m² · 1,890.50 € net")
        #expect(ListingWords(.sample(), locale: "DE").address == "Hauptstraße 12, 10827 Berlin")
    }

    @Test("leaves out what the page does not state")
    func partial() {
        let some = ListingSnapshot.sample {
            $0.rentNetto = nil
            $0.rooms = 1
            $0.livingArea = nil
            $0.district = nil
            $0.street = nil
            $0.houseNumber = nil
        }
        #expect(ListingWords(some, locale: "de").summary == "Berlin · 1 Zimmer · 2.100 € warm")
        #expect(ListingWords(some, locale: "en").summary == "Berlin · 1 room · 2,100 € gross")
        #expect(ListingWords(some, locale: "en").address == "10827 Berlin")
        let none = ListingSnapshot.sample {
            ($0.rentNetto, $0.rentBrutto, $0.rooms, $0.livingArea) = (nil, nil, nil, nil)
            ($0.city, $0.district, $0.street, $0.houseNumber, $0.postalCode) = (nil, nil, nil, nil, nil)
        }
        #expect(ListingWords(none, locale: "de").summary == "Helle Wohnung")
        #expect(ListingWords(none, locale: "de").address == nil)
    }

    @Test(
        "groups thousands and writes other currencies by their code",
        arguments: [(999, "999 CHF"), (1000, "1.000 CHF"), (1_234_567, "1.234.567 CHF")])
    func numbers(amount: Decimal, text: String) {
        #expect(
            ListingWords(
                .sample {
                    $0.rentNetto = amount
                    $0.currency = "CHF"
                }, locale: "de"
            ).rent == text + " kalt")
    }

    @Test("makes a notification that its columns take, whatever the page says")
    func columns() {
        let long = ListingMatched.sample(for: UUID()) {
            $0.title = String(repeating: "e\u{301}\u{302}", count: 300)
            $0.providerURL = "https://homes.test/" + String(repeating: "x", count: 2048)
        }
        let new = NewNotification(long, locale: "de")
        #expect(new.title.unicodeScalars.count == 255 && new.actionURL == nil)
        #expect(!NewNotification(.sample(for: UUID()) { $0.title = "" }, locale: "de").title.isEmpty)
    }
}
