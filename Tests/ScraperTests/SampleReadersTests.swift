import Contracts
import Foundation
import Testing

@testable import Scraper

/// Readers on pages of our own, which have the sites' shapes and nobody's data.
@Suite("Readers on samples")
struct SampleReadersTests {
    private func page(_ name: String, at url: String) throws -> FetchedPage {
        let file = Fixtures.packageRoot.appendingPathComponent("Tests/ScraperTests/Samples/\(name)")
        return try Fixtures.page(file, at: url, type: name.hasSuffix("json") ? "application/json" : "text/html; charset=utf-8")
    }

    @Test("Immowelt's list: estimates are no statements, and an offer without an address leads nowhere")
    func immoweltList() throws {
        let results = try ImmoweltReader().readResults(page("immowelt-list.json", at: "http://127.0.0.1:9/classifieds?page=2"))
        #expect(results.listings.map(\.absoluteString) == ["http://127.0.0.1:9/expose/11111111-2222-3333-4444-555555555555"])
        #expect(results.next?.absoluteString == "http://127.0.0.1:9/classifieds?page=3")
        let read = try #require(results.cards.first?.page)
        #expect(read.listing.rentNetto == 980)
        #expect(read.listing.rentBrutto == nil)
        #expect(read.listing.rooms == Decimal(string: "2.5"))
        #expect(read.listing.livingArea == Decimal(string: "61.5"))
        #expect(read.listing.street == "Musterweg")
        #expect(read.listing.houseNumber == "12 b")
        #expect(read.listing.city == "Berlin")
        #expect(read.listing.district == "Beispielkiez")
        #expect(read.listing.images == ["https://bilder.example/1.jpg"])
        #expect(read.listing.description == "Erster Satz.\nZweiter Satz.")
        #expect(read.contactPhone == "030 23125 001")
    }

    @Test("Immowelt's exposé by its state")
    func immoweltState() throws {
        let read = try ImmoweltReader().readListing(page("immowelt-state.html", at: "http://127.0.0.1:9/expose/9"))
        let listing = read.listing
        #expect(listing.providerListingID == "99999999-2222-3333-4444-555555555555")
        #expect(listing.propertyType == "house")
        #expect([listing.rentNetto, listing.additionalCosts, listing.rentBrutto, listing.deposit] == [1650, 210, 1860, 4950])
        #expect([listing.livingArea, listing.totalArea, listing.rooms] == [140, 180, 5])
        #expect(listing.yearBuilt == 1998 && listing.condition == "good")
        #expect(listing.street == "Am Anger" && listing.houseNumber == "3" && listing.city == "Musterstadt")
        #expect(abs((listing.latitude ?? 0) - 51.98) < 1e-9 && abs((listing.longitude ?? 0) - 8.04) < 1e-9)
        #expect(listing.floorPlanURL != nil && listing.virtualTourURL != nil && listing.images.count == 2)
        let rent = read.sources.first { $0.field == "rent_netto" }
        #expect(rent?.method == .json)
        #expect(rent?.path.hasSuffix("sections.price.base.main.value.main.value") == true)
    }

    @Test("Immowelt's exposé by its markup")
    func immoweltMarkup() throws {
        let listing = try ImmoweltReader().readListing(page("immowelt-markup.html", at: "http://127.0.0.1:9/expose/abc")).listing
        #expect(listing.providerListingID == "abc")
        #expect(listing.livingArea == Decimal(string: "48.5"))
        #expect(listing.rentNetto == 720)
        #expect(listing.city == "Berlin" && listing.district == "Beispielkiez" && listing.postalCode == "10999")
        #expect(listing.description == "Ein Satz.\nNoch einer.")
    }

    @Test("immobilien.de: what is no amount is none, and a purchase is no rent")
    func immobilienDe() throws {
        let results = try ImmobilienDeReader().readResults(page("immobilien-de-list.html", at: "http://127.0.0.1:9/Wohnen"))
        #expect(results.cards.count == 2)
        #expect(results.next?.absoluteString == "http://127.0.0.1:9/Wohnen/Suchergebnisse-51797.html?page=2")
        #expect(results.cards[0].page?.listing.houseNumber == "25 C")
        #expect(results.cards[1].page?.isForSale == true)
        #expect(results.cards[1].page?.listing.rentNetto == nil)
        let listing = try ImmobilienDeReader().readListing(page("immobilien-de.html", at: "http://127.0.0.1:9/wohnen/9000001")).listing
        #expect(listing.rentNetto == 990)
        #expect(listing.additionalCosts == nil)
        #expect(listing.deposit == nil)
        #expect(listing.floor == "3" && listing.totalFloors == 5)
        #expect(listing.condition == "renovated")
        #expect(listing.availableFrom == "2027-03-01")
        #expect(listing.street == "Musterring" && listing.postalCode == "14979" && listing.city == "Beispieldorf" && listing.district == nil)
        #expect(listing.latitude == 52.3)
        #expect(listing.images.count == 2)
    }

    @Test("Sparkasse by the data that its pages carry")
    func sparkasse() throws {
        let results = try SparkasseReader().readResults(page("sparkasse-list.html", at: "http://127.0.0.1:9/treffer?page=1"))
        #expect(results.listings.map(\.path) == ["/expose/FID-SAMPLE-1.html"])
        #expect(results.next?.query() == "page=2")
        #expect(results.cards[0].page?.listing.rentNetto == Decimal(string: "612.5"))
        let listing = try SparkasseReader().readListing(page("sparkasse.html", at: "http://127.0.0.1:9/expose/FID-SAMPLE-1.html")).listing
        #expect(listing.rentNetto == Decimal(string: "612.5") && listing.additionalCosts == nil)
        #expect(listing.city == "Kiel" && listing.district == "Gaarden" && listing.street == "Werftstraße" && listing.houseNumber == "7")
        #expect(listing.condition == "needs_renovation")
        #expect(listing.availableFrom == "2027-02-01")
        #expect(listing.images == ["https://bilder.example/o.jpg"])
        #expect(listing.description == "Nah am Wasser.\nMit Aufzug.")
    }

    @Test("ImmoScout24's result object")
    func immoScoutWeb() throws {
        let results = try ImmoScoutReader().readResults(page("immoscout-web.json", at: "http://127.0.0.1:9/Suche"))
        #expect(results.next?.absoluteString == "http://127.0.0.1:9/Suche/wohnung-mieten?pagenumber=2")
        let listing = try #require(results.cards.first?.page?.listing)
        #expect(listing.rentNetto == Decimal(string: "415.8"))
        #expect(listing.rentBrutto == nil)
        #expect(listing.district == "Beispielkiez")
        #expect(listing.providerCreatedAt == Date(timeIntervalSince1970: 1_767_946_773))
    }

    @Test("any page that speaks schema.org, in JSON-LD")
    func jsonLD() throws {
        let read = try SchemaOrgReader().readListing(page("schema-org.html", at: "http://127.0.0.1:9/angebot/7?utm=x"))
        let listing = read.listing
        // Each site counts for itself, and speaks for no other.
        #expect(listing.providerListingID == "127.0.0.1:A-7" && listing.providerURL == "http://127.0.0.1:9/angebot/7?utm=x")
        let own = try SchemaOrgReader().readListing(page("schema-org.html", at: "https://wohnen.example/angebot/7?utm=x")).listing
        #expect(own.providerListingID == "wohnen.example:A-7" && own.providerURL == "https://wohnen.example/angebot/7")
        #expect([listing.rentNetto, listing.additionalCosts, listing.rentBrutto] == [Decimal(string: "845.5"), 160, Decimal(string: "1005.5")])
        #expect(listing.rooms == Decimal(string: "2.5") && listing.livingArea == 71 && listing.yearBuilt == 1911 && listing.floor == "4. OG")
        #expect(listing.street == "Lange Gasse" && listing.houseNumber == "9" && listing.city == "Regensburg")
        #expect(listing.latitude == 49.0166)
        #expect(listing.availableFrom == "2027-04-01")
        #expect(read.contactEmail == "probe@wohnen.example" && read.contactPhone == "+49 30 23125 004")
        #expect(read.sources.first { $0.field == "living_area" }?.method == .jsonLD)
    }

    @Test("any page that speaks schema.org, in microdata")
    func microdata() throws {
        let read = try SchemaOrgReader().readListing(page("schema-org-microdata.html", at: "http://127.0.0.1:9/haus"))
        #expect(read.listing.propertyType == "house" && read.listing.rooms == 4 && read.listing.livingArea == 118)
        #expect(read.listing.rentNetto == 1250 && read.listing.currency == "EUR")
        #expect(read.listing.street == "Feldweg" && read.listing.postalCode == "26121" && read.listing.city == "Oldenburg")
        #expect(read.sources.first { $0.field == "street" }?.method == .microdata)
        let results = try SchemaOrgReader().readResults(page("schema-org-list.html", at: "http://127.0.0.1:9/angebote"))
        #expect(results.listings.map(\.path) == ["/angebot/7", "/angebot/8"])
        #expect(results.cards[1].page?.listing.rooms == 2)
        #expect(results.next?.query() == "seite=2")
    }

    @Test("a page that shows nothing of the kind is unreadable, for every reader", arguments: Readers.all.map(\.provider))
    func nothing(provider: String) throws {
        let reader = try #require(Readers.named(provider))
        for text in ["", "<html><body><p>Guten Tag</p></body></html>", "{}", "[1, 2", "\u{0}\u{1}", "{\"resultListItems\": {}}"] {
            let page = try Fixtures.page([UInt8](text.utf8), at: "http://127.0.0.1:9/x")
            #expect(throws: PageProblem.self) { try reader.readListing(page) }
        }
    }
}
