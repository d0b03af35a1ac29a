import Foundation
import Testing

@testable import Scraper

@Suite("The sample site's pages")
struct SamplePagesTests {
    func listing(_ name: String, _ reader: any ListingReader, type: String = "text/html") throws -> ListingPage {
        try reader.readListing(Fixtures.page(Fixtures.site.appendingPathComponent(name), at: "http://127.0.0.1:9/\(name)", type: type))
    }

    @Test("the result page leads to six offers")
    func results() throws {
        let name = "wohnraum-in-Berlin.8.0.1.0.html"
        let results = try WGGesuchtReader().readResults(Fixtures.page(Fixtures.site.appendingPathComponent(name), at: "http://127.0.0.1:9/\(name)"))
        #expect(results.listings.count == 6)
        #expect(results.next == nil)
    }

    @Test("a room in a shared flat")
    func room() throws {
        let listing = try listing("wg-zimmer-in-Berlin-Neukoelln.90010001.html", WGGesuchtReader()).listing
        #expect(listing.propertyType == "room")
        #expect(listing.rentBrutto == 520)
        #expect(listing.deposit == 1040)
        #expect(listing.livingArea == 18)
        #expect(listing.totalArea == 86)
        #expect(listing.furnishingLevel == "furnished")
        #expect(listing.city == "Berlin")
        #expect(listing.district == "Neukölln")
        #expect(listing.rooms == nil)
    }

    @Test("a flat with half a room, in a district of two words")
    func flat() throws {
        let listing = try listing("wohnungen-in-Berlin-Prenzlauer-Berg.90010005.html", WGGesuchtReader()).listing
        #expect(listing.propertyType == "apartment")
        #expect(listing.rooms == Decimal(string: "3.5"))
        #expect(listing.livingArea == Decimal(string: "97.4"))
        #expect(listing.rentNetto == 1390)
        #expect(listing.district == "Prenzlauer Berg")
        #expect(listing.furnishingLevel == nil)
        #expect(listing.images == ["http://127.0.0.1:9/bilder/90010005-1.large.jpg", "http://127.0.0.1:9/bilder/90010005-2.large.jpg"])
    }

    @Test("a studio for a time")
    func studio() throws {
        let listing = try listing("1-zimmer-wohnungen-in-Berlin-Moabit.90010003.html", WGGesuchtReader()).listing
        #expect(listing.propertyType == "studio")
        #expect(listing.houseNumber == "4 a")
        #expect(listing.availableFrom == "2026-12-15")
        #expect(listing.availableUntil == "2027-06-30")
        #expect(listing.floor == "EG")
    }

    @Test("an exposé with its contact")
    func expose() throws {
        let read = try listing("expose/90020001.json", ImmoScoutReader(), type: "application/json")
        #expect(read.listing.rentNetto == 850)
        #expect(read.listing.rooms == 2)
        #expect(read.listing.condition == "renovated")
        #expect(read.listing.district == "Kreuzberg")
        #expect(read.contactPhone == "+49 30 23125 101")
        #expect(read.contactEmail == "ostertag@wohnen-am-kanal.example")
    }

    @Test("a house whose street is kept back, and a deposit that is no amount")
    func keptBack() throws {
        let house = try listing("expose/90020003.json", ImmoScoutReader(), type: "application/json").listing
        #expect(house.propertyType == "house")
        #expect(house.street == nil)
        #expect(house.postalCode == "22359")
        #expect(house.latitude == nil)
        #expect(house.availableFrom == "2027-03-01")
        let flat = try listing("expose/90020002.json", ImmoScoutReader(), type: "application/json").listing
        #expect(flat.deposit == nil)
        #expect(flat.rentNetto == Decimal(string: "1250.5"))
    }

    @Test("a broken page and a bot wall say what they are")
    func unreadable() throws {
        let broken = #expect(throws: PageProblem.self) { try listing("wohnungen-in-Berlin-Lichtenberg.90010006.html", WGGesuchtReader()) }
        #expect(broken?.reason == .unreadable)
        let wall = #expect(throws: PageProblem.self) { try listing("expose/90020005.html", ImmoScoutReader()) }
        #expect(wall?.reason == .botWall)
    }
}
