import Foundation
import Testing

@testable import Scraper

/// Counts and values of pages that were saved from the sites.
@Suite("Real pages", .onRealData)
struct RealPagesTests {
    @Test("WG-Gesucht's result page leads to 26 offers, the promoted one included")
    func wgGesuchtResults() throws {
        let page = try Fixtures.realPage("wgGesucht.html", at: "http://127.0.0.1:9/wg-zimmer-in-Duesseldorf.30.0.1.0.html")
        let results = try WGGesuchtReader().readResults(page)
        #expect(results.listings.count == 26)
        #expect(Set(results.listings).count == 26)
        #expect(results.listings.allSatisfy { $0.host() == "127.0.0.1" && $0.path().hasSuffix(".html") })
        #expect(results.listings.contains { $0.path() == "/wg-zimmer-in-Duesseldorf-Eller.13645544.html" })
        #expect(results.next?.absoluteString == "https://www.wg-gesucht.de/wg-zimmer-in-Duesseldorf.30.0.1.1.html?pagination=1")
    }

    @Test("WG-Gesucht's room page gives every field that it states")
    func wgGesuchtRoom() throws {
        let page = try Fixtures.realPage("wgGesucht_detail.html", at: "http://127.0.0.1:9/wg-zimmer-in-Duesseldorf-Derendorf.13793538.html")
        let read = try WGGesuchtReader().readListing(page)
        let listing = read.listing
        #expect(listing.providerListingID == "13793538")
        #expect(listing.providerURL == "https://www.wg-gesucht.de/wg-zimmer-in-Duesseldorf-Derendorf.13793538.html")
        #expect(listing.propertyType == "room")
        #expect(listing.rentNetto == 590)
        #expect(listing.rentBrutto == 590)
        #expect(listing.additionalCosts == nil)
        #expect(listing.deposit == 0)
        #expect(listing.currency == "EUR")
        #expect(listing.livingArea == 24)
        #expect(listing.totalArea == 84)
        #expect(listing.street == "Jülicher Straße")
        #expect(listing.houseNumber == "96")
        #expect(listing.postalCode == "40477")
        #expect(listing.city == "Düsseldorf")
        #expect(listing.district == "Derendorf")
        #expect(listing.availableFrom == "2026-08-01")
        #expect(listing.availableUntil == nil)
        #expect(listing.floor == "3. OG")
        #expect(listing.latitude == 51.243485)
        #expect(listing.images.count == 4)
        #expect(listing.images.allSatisfy { $0.hasPrefix("https://img.wg-gesucht.de/") })
        #expect((listing.description?.count ?? 0) > 200)
        #expect(read.contactPhone == nil)
        #expect(read.contactEmail == nil)
    }

    @Test("ImmoScout24's list leads to 50 exposés and the next page")
    func immoScoutResults() throws {
        let page = try Fixtures.realPage(
            "immoscout_list.json", at: "http://127.0.0.1:9/search/list?geocodes=1&pagenumber=1", type: "application/json")
        let results = try ImmoScoutReader().readResults(page)
        #expect(results.listings.count == 50)
        #expect(Set(results.listings).count == 50)
        #expect(results.listings.contains { $0.absoluteString == "http://127.0.0.1:9/expose/168963883" })
        #expect(results.next?.absoluteString == "http://127.0.0.1:9/search/list?geocodes=1&pagenumber=2")
    }

    @Test("ImmoScout24's exposé gives every field that it states")
    func immoScoutExpose() throws {
        let page = try Fixtures.realPage("immoscout_detail.json", at: "http://127.0.0.1:9/expose/168963883", type: "application/json")
        let read = try ImmoScoutReader().readListing(page)
        let listing = read.listing
        #expect(listing.providerListingID == "168963883")
        #expect(listing.propertyType == "apartment")
        #expect(listing.rentNetto == 2300)
        #expect(listing.rentBrutto == 2780)
        #expect(listing.additionalCosts == 480)
        #expect(listing.deposit == 6900)
        #expect(listing.rooms == 2)
        #expect(listing.livingArea == Decimal(string: "131.37"))
        #expect(listing.floor == "0")
        #expect(listing.totalFloors == 2)
        #expect(listing.bedroomCount == 1)
        #expect(listing.bathroomCount == 1)
        #expect(listing.yearBuilt == 1950)
        #expect(listing.condition == "renovated")
        #expect(listing.availableFrom == "2026-07-01")
        #expect(listing.street == "Kölner Straße")
        #expect(listing.houseNumber == "223")
        #expect(listing.postalCode == "40227")
        #expect(listing.city == "Düsseldorf")
        #expect(listing.district == "Oberbilk")
        #expect(listing.latitude == 51.21718)
        #expect(listing.images.count == 16)
        #expect(listing.floorPlanURL != nil)
        #expect(listing.contactName?.isEmpty == false)
        #expect(read.contactPhone?.hasPrefix("+49") == true)
        #expect(read.contactEmail?.contains("@") == true)
    }

    @Test("ImmoScout24's bot wall is known for what it is", arguments: ["results", "listing"])
    func botWall(kind: String) throws {
        let page = try Fixtures.realPage("fh_IS24-response.html", at: "http://127.0.0.1:9/expose/1")
        let problem = #expect(throws: PageProblem.self) {
            if kind == "results" { _ = try ImmoScoutReader().readResults(page) } else { _ = try ImmoScoutReader().readListing(page) }
        }
        #expect(problem?.reason == .botWall)
    }

    @Test(
        "no ordinary page is taken for a bot wall",
        arguments: ["wgGesucht.html", "wgGesucht_detail.html", "kleinanzeigen.html", "kleinanzeigen_detail.html"])
    func noFalseAlarm(name: String) throws {
        #expect(throws: Never.self) { try Fixtures.realPage(name, at: "http://127.0.0.1:9/").document() }
    }

    @Test("Kleinanzeigen's result page leads to 27 offers and the next page")
    func kleinanzeigenResults() throws {
        let page = try Fixtures.realPage("kleinanzeigen.html", at: "http://127.0.0.1:9/s-immobilien/duesseldorf/wohnung/k0c195l2068r5")
        let results = try KleinanzeigenReader().readResults(page)
        #expect(results.listings.count == 27)
        #expect(results.next?.path().contains("seite:2") == true)
    }

    @Test("Kleinanzeigen's flat gives every field that it states")
    func kleinanzeigenFlat() throws {
        let page = try Fixtures.realPage("kleinanzeigen_detail.html", at: "http://127.0.0.1:9/s-anzeige/x/3323958001-203-2068")
        let read = try KleinanzeigenReader().readListing(page)
        let listing = read.listing
        #expect(listing.providerListingID == "3323958001")
        #expect(listing.title.hasPrefix("Traumhaftes"))
        #expect(listing.propertyType == "apartment")
        #expect(listing.rentNetto == 1600)
        #expect(listing.rentBrutto == 1850)
        #expect(listing.additionalCosts == 250)
        #expect(listing.rooms == 2)
        #expect(listing.livingArea == 89)
        #expect(listing.bathroomCount == 2)
        #expect(listing.floor == "3")
        #expect(listing.availableFrom == "2026-07-01")
        #expect(listing.postalCode == "40235")
        #expect(listing.city == "Düsseldorf")
        #expect(listing.district == "Flingern Nord")
        #expect(listing.street == nil)
        #expect(listing.images.count == 18)
        #expect(listing.contactName?.isEmpty == false)
        #expect(read.contactPhone != nil)
        #expect(read.contactEmail?.contains("@") == true)
    }
}
