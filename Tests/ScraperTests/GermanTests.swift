import Foundation
import Testing

@testable import Scraper

@Suite("What German pages write")
struct GermanTests {
    @Test(
        "numbers",
        arguments: [
            ("1.234,56", "1234.56"), ("2,5", "2.5"), ("131", "131"), ("6.900", "6900"), ("83.2", "83.2"), ("1.000.000", "1000000"), ("0", "0"),
        ]
    )
    func numbers(text: String, value: String) {
        #expect(GermanNumber.parse(text) == Decimal(string: value))
    }

    @Test("no numbers", arguments: ["", "n.a.", "1,2,3", "1.23.4", "abc", "-"])
    func noNumbers(text: String) {
        #expect(GermanNumber.parse(text) == nil)
    }

    @Test(
        "amounts",
        arguments: [
            ("590€", "590"), ("1.234,56 €", "1234.56"), ("2.300\u{A0}€", "2300"), ("6.900", "6900"), ("480 EUR zzgl.", "480"), ("500,- €", "500"),
            ("ca. 80 €", "80"), ("0€", "0"),
        ]
    )
    func amounts(text: String, value: String) {
        #expect(Quantity.euros(text) == Decimal(string: value))
    }

    @Test("what is no amount stays nil", arguments: ["n.a.", "3 Monatsmieten", "auf Anfrage", "17,51 €/m²", "", "2 Kaltmieten"])
    func noAmounts(text: String) {
        #expect(Quantity.euros(text) == nil)
    }

    @Test("areas and rooms")
    func areasAndRooms() {
        #expect(Quantity.squareMetres("131,37 m²") == Decimal(string: "131.37"))
        #expect(Quantity.squareMetres("24m2") == 24)
        #expect(Quantity.squareMetres("84 qm") == 84)
        #expect(Quantity.squareMetres("84 kWh") == nil)
        #expect(Quantity.rooms("2,5 Zi.") == Decimal(string: "2.5"))
        #expect(Quantity.rooms("3 Zimmer") == 3)
        #expect(Quantity.rooms("0") == nil)
    }

    @Test(
        "days",
        arguments: [
            ("01.08.2026", "2026-08-01"), ("ab 1.2.27", "2027-02-01"), ("1. August 2026", "2026-08-01"), ("Juli 2026", "2026-07-01"),
            ("2026-03-31", "2026-03-31"), ("29.02.2028", "2028-02-29"),
        ]
    )
    func days(text: String, day: String) {
        #expect(GermanDate.parse(text, today: .distantPast) == day)
    }

    @Test("no days", arguments: ["", "nach Vereinbarung", "31.02.2026", "29.02.2027", "00.00.0000", "99.99.9999"])
    func noDays(text: String) {
        #expect(GermanDate.parse(text, today: .distantPast) == nil)
    }

    @Test("\"ab sofort\" is the day of reading, in German time")
    func immediately() {
        // 2026-06-30 22:30 UTC is already July in Berlin.
        #expect(GermanDate.parse("ab sofort", today: Date(timeIntervalSince1970: 1_782_858_600)) == "2026-07-01")
    }

    @Test(
        "streets",
        arguments: [
            ("Kölner Straße 223", "Kölner Straße", "223"), ("Mindener Straße 102-110", "Mindener Straße", "102-110"),
            ("Am Hain 5 a", "Am Hain", "5 a"),
            ("Lehrter Straße 23A", "Lehrter Straße", "23A"), ("Straße des 17. Juni 135", "Straße des 17. Juni", "135"),
        ]
    )
    func streets(line: String, street: String, number: String) {
        var address = PostalAddress()
        address.readStreet(line)
        #expect(address.street == street)
        #expect(address.houseNumber == number)
    }

    @Test("a street without a number has none, and a sentence is no street")
    func noNumber() {
        var address = PostalAddress()
        address.readStreet("Straße des 17. Juni")
        #expect(address == PostalAddress(street: "Straße des 17. Juni"))
        var hidden = PostalAddress()
        hidden.readStreet("Die vollständige Adresse der Immobilie erhalten Sie vom Anbieter.")
        #expect(hidden == PostalAddress())
    }

    @Test("floors", arguments: [("3. OG", true), ("EG", true), ("Hochparterre", true), ("Balkon", false), ("3 Zimmer", false)])
    func floors(text: String, isFloor: Bool) {
        #expect(HomeTerms.isFloor(text) == isFloor)
    }

    @Test(
        "conditions",
        arguments: [
            ("Erstbezug nach Sanierung", "renovated"), ("Erstbezug", "new"), ("Gepflegt", "good"), ("Renovierungsbedürftig", "needs_renovation"),
            ("Vollständig renoviert", "renovated"), ("Nach Vereinbarung", nil),
            ("unsaniert", "needs_renovation"), ("Nicht renoviert", "needs_renovation"), ("nicht vollständig saniert", "needs_renovation"),
            ("Unrenoviert", "needs_renovation"), ("Grundsaniert", "renovated"), ("kernsaniert", "renovated"),
        ] as [(String, String?)]
    )
    func conditions(text: String, condition: String?) {
        #expect(HomeTerms.condition(text) == condition)
    }

    @Test("addresses in text")
    func contacts() {
        #expect(ContactText.email(in: "Mail: Anna.Beispiel@example.org, danke.") == "anna.beispiel@example.org")
        #expect(ContactText.email(in: "anna (at) example.org") == nil)
        #expect(ContactText.phone("tel:+49 30 1234567") == "+49 30 1234567")
        #expect(ContactText.phone("Tel. 12") == nil)
    }
}
