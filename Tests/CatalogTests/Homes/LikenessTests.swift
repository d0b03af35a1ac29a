import Foundation
import Testing

@testable import Catalog

@Suite struct LikenessTests {
    @Test(arguments: [
        ("Helle 2-Zimmer-Wohnung mit Balkon am Park", "HELLE 2 Zi. Whg. mit Balkon am Park!", 0.8...1),
        ("Großzügige Wohnung am Südpark", "Grosszuegige Wohnung am Suedpark", 1...1),
        ("Erstbezug im Wohnquartier an der alten Spinnerei", "Erstbezug im Wohnquartier an der alten Spinn...", 0.8...1),
        ("2-Zimmer-Wohnung mit Balkon", "3-Zimmer-Wohnung mit Balkon", 0.4...0.9),
        ("Singles aufgepasst!", "Starterwohnung zum kleinen Preis", 0...0.05), ("", "Wohnung", 0...0),
    ])
    func `Titles are as alike as their telling words`(one: String, other: String, expected: ClosedRange<Double>) {
        #expect(expected.contains(TextLikeness.titles(one, other)))
        #expect(TextLikeness.titles(one, other) == TextLikeness.titles(other, one))
    }

    @Test func `A description that another one quotes is like it; one that is too short tells nothing`() throws {
        let text =
            "Die Wohnung liegt im zweiten Obergeschoss eines gepflegten Altbaus und hat hohe Decken, Dielen und eine Küche mit Fenster zum Hof."
        #expect(try #require(TextLikeness.descriptions(text, "Provisionsfrei! " + text + " Rufen Sie an.")) > 0.9)
        let other =
            "Das Zimmer gehört zu einer Gemeinschaft von vier Leuten, die gern kochen und abends zusammen auf dem Dach sitzen, wenn es warm ist."
        #expect(try #require(TextLikeness.descriptions(text, other)) < 0.05)
        #expect(TextLikeness.descriptions(text, "Sehr schön.") == nil)
    }

    @Test(arguments: [("EG", 0), ("Erdgeschoss", 0), ("2. OG", 2), ("2 von 5", 2), ("-1", -1), ("Hochparterre", 0)])
    func `A storey has one number`(text: String, storey: Int) { #expect(TextKey.storey(text) == storey) }

    @Test func `What says no number is no storey`() { #expect(TextKey.storey("Dachgeschoss") == nil) }

    @Test(arguments: [("Musterstr. ", "Muster Straße"), ("Am Grünen Weg", "am gruenen Weg"), ("Wilhelm-Raabe-Strasse", "Wilhelm Raabe Str.")])
    func `Two spellings of a street are one`(one: String, other: String) { #expect(TextKey.street(one) == TextKey.street(other)) }

    @Test func `Distances are those on the globe`() {
        let (berlin, potsdam) = (Coordinates(latitude: 52.52, longitude: 13.405), Coordinates(latitude: 52.4009, longitude: 13.0591))
        #expect(abs(berlin.metres(to: potsdam) - 26_900) < 300)
        #expect(berlin.metres(to: berlin) == 0)
        let (west, east) = (Coordinates(latitude: 0, longitude: 179.9999), Coordinates(latitude: 0, longitude: -179.9999))
        #expect(west.metres(to: east) < 30)
    }

    @Test func `Pictures share what differs in few bits; plain areas tell nothing`() {
        let picture: UInt64 = 0xF0E1_D2C3_B4A5_9687
        #expect(ImageLikeness.share([picture], [picture ^ 0b1011]) == 1)
        #expect(ImageLikeness.share([picture], [~picture]) == 0)
        #expect(ImageLikeness.share([picture, 0x0F1E_2D3C_4B5A_6978], [picture]) == 1)
        #expect(ImageLikeness.share([0, picture], [0, ~picture]) == 0)
        #expect(ImageLikeness.share([0], [0]) == nil && ImageLikeness.share([], [picture]) == nil)
    }
}
