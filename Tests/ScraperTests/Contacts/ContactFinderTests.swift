import ContactValues
import Foundation
import Testing

@testable import Scraper

@Suite("Whom a text says to turn to")
struct ContactFinderTests {
    func find(_ text: String, own: Set<String> = []) -> FoundPerson? {
        ContactFinder(ownHosts: own).find(in: ReadText(text: text, method: .webScraping))
    }

    @Test(
        "is found however an address is spelled for people alone",
        arguments: [
            "Schreib an hans.meier@wohnen-beispiel.de!", "hans.meier (at) wohnen-beispiel (dot) de", "hans.meier[at]wohnen-beispiel[punkt]de",
            "hans.meier {at} wohnen-beispiel.de", "hans.meier (ät) wohnen-beispiel . de".replacing(" . ", with: "."),
            "hans.meier at wohnen-beispiel dot de", "HANS.MEIER(AT)WOHNEN-BEISPIEL.DE",
        ])
    func spellings(text: String) throws {
        let person = try #require(find("Zwei Zimmer, Küche, Bad.\n\(text)\nFrei ab sofort."))
        let email = try #require(person.values[.email])
        #expect(email.value.text == "hans.meier@wohnen-beispiel.de")
        #expect((email.manner == .plain) == text.contains("@"))
        #expect(email.confidence == (text.contains("@") ? 0.9 : 0.8))
    }

    @Test(
        "is not found in what only looks like an address",
        arguments: [
            "Sie wohnen at home. Miete 1.200 €", "@instagram_konto", "a@b", "Besichtigung (at) 18 Uhr", "2@3 Zimmer", "version 1.2@latest",
            "noreply@example.org", "Ruf an unter 12345",
        ])
    func nothing(text: String) { #expect(find(text) == nil) }

    @Test("is found with number, name, website and address of whoever lets, not of the home")
    func whole() throws {
        let text = """
            Schöne Wohnung in der Sonnenallee 12, 12045 Berlin
            Kaltmiete 950,00 € Kaution 2.850,00 € frei ab 01.03.2027
            Ihre Ansprechpartnerin: Frau Dr. Erika Müller-Lüdenscheidt
            Hausverwaltung Beispiel GmbH
            Anschrift: Lange Straße 5a, 10243 Berlin
            Telefon: 030 / 90 18 20 Fax: 030 / 90 18 21
            Mobil 0171-123 45 67
            Homepage: www.hausverwaltung-beispiel.de
            """
        let person = try #require(find(text))
        #expect(person.values[.name]?.value.text == "Frau Dr. Erika Müller-Lüdenscheidt")
        #expect(person.values[.phone]?.value.key == "+4930901820" && person.values[.phone]?.manner == .labelled)
        #expect(person.values[.website]?.value.key == "hausverwaltung-beispiel.de")
        #expect(person.values[.address]?.value.text.contains("Lange Straße 5a") == true)
        #expect(person.type == "agent" && person.completeness == 0.8 && person.confidence > 0.7)
        #expect(person.excerpt.contains("90 18 20"))
    }

    @Test("is not the portal that the page is of")
    func portal() throws {
        let text = "Fragen? support@portal-beispiel.de, www.portal-beispiel.de\nVermieter: Hans Meier, Tel. 0171 1234567"
        let person = try #require(find(text, own: ["portal-beispiel.de"]))
        #expect(person.values[.email] == nil && person.values[.website] == nil)
        #expect(person.values[.phone]?.value.key == "+491711234567" && person.type == "landlord")
        #expect(person.values[.name]?.value.text == "Hans Meier")
    }

    @Test("is as sure as the words were read")
    func recognised() throws {
        let text = "Tel: 0171 1234567 oder hans@wohnen-beispiel.de"
        let words = [(0..<4, 0.99), (5..<9, 0.9), (10..<17, 0.7), (18..<22, 0.99), (23..<46, 0.5)]
        let source = ReadText(text: text, method: .ocr, words: words.map { .init(range: $0.0, confidence: $0.1) })
        let person = try #require(ContactFinder().find(in: source))
        #expect(abs(try #require(person.values[.phone]).confidence - 0.95 * 0.8) < 0.001)
        #expect(abs(try #require(person.values[.email]).confidence - 0.9 * 0.5) < 0.001)
    }

    @Test("is found in links to write to or to call, and not in scripts")
    func links() async throws {
        let page = """
            <html><head><title>x</title><script>var a = "spam@wohnen-beispiel.de"</script></head><body><p>Eine Wohnung.</p>
            <a href="mailto:Hans@Wohnen-Beispiel.de?subject=Wohnung">schreiben</a> <a href="tel:+49-171-1234567">anrufen</a></body></html>
            """
        let text = try await SourceReader().read(ContactSource(bytes: Array(page.utf8), mimeType: "text/html"), recognising: false)
        let person = try #require(ContactFinder().find(in: text))
        #expect(person.values[.email]?.value.text == "hans@wohnen-beispiel.de" && person.values[.email]?.manner == .link)
        #expect(person.values[.phone]?.value.key == "+491711234567")
        #expect(!text.text.contains("spam"))
    }

    @Test(
        "is looked for in long and odd texts within bounds",
        arguments: ["@", "a@", "030 ", "(at)", "Frau ", "www.", "ä", "1", "tel: ", "a.", "Kontakt:\n"])
    func hostile(piece: String) {
        let text = String(repeating: piece, count: ReadText.longest / piece.utf8.count)
        _ = find(text)
    }

    @Test("on a real page is the one that its links and its text name", .onRealData)
    func realPage() async throws {
        let file = try #require(Fixtures.realData).appendingPathComponent("kleinanzeigen_detail.html")
        let source = ContactSource(
            bytes: [UInt8](try Data(contentsOf: file)), mimeType: "text/html", url: URL(string: "https://www.kleinanzeigen.de/s-anzeige/1"))
        let text = try await SourceReader().read(source, recognising: false)
        let person = try #require(ContactFinder(ownHosts: ["kleinanzeigen.de"]).find(in: text))
        #expect(person.values[.phone]?.manner == .link)
        #expect(person.values[.email]?.value.text.hasSuffix("@kleinanzeigen.de") != true)
    }
}
