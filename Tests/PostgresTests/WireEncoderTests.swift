import Foundation
import Postgres
import Testing

@Suite struct WireEncoderTests {
    private struct Thing: Codable, Equatable {
        var id: UUID
        var others: [UUID]
        var byID: [String: UUID?]
        var text: String
        var at: Date
    }

    @Test func anIDReadsTheSameEverywhere() throws {
        let id = try #require(UUID(uuidString: "0198A2B4-C6D8-7EFA-8BCD-0123456789AB"))
        let thing = Thing(id: id, others: [id, id], byID: [id.uuidString: id], text: "see \(id) or \"\(id)\"", at: Date(timeIntervalSince1970: 0))
        let json = String(decoding: try JSONEncoder.hearth.encode(thing), as: UTF8.self)
        #expect(json.contains(#""id":"0198a2b4-c6d8-7efa-8bcd-0123456789ab""#))
        #expect(json.contains(#"["0198a2b4-c6d8-7efa-8bcd-0123456789ab","0198a2b4-c6d8-7efa-8bcd-0123456789ab"]"#))
        #expect(json.contains(#"{"0198a2b4-c6d8-7efa-8bcd-0123456789ab":"0198a2b4-c6d8-7efa-8bcd-0123456789ab"}"#))
        // A text that only mentions one stays as it was written.
        #expect(json.contains(#"see 0198A2B4-C6D8-7EFA-8BCD-0123456789AB or \"0198A2B4-C6D8-7EFA-8BCD-0123456789AB\""#))
        var expected = thing
        expected.byID = ["0198a2b4-c6d8-7efa-8bcd-0123456789ab": id]
        #expect(try JSONDecoder.hearth.decode(Thing.self, from: Data(json.utf8)) == expected)
    }

    @Test(arguments: [
        "0198A2B4-C6D8-7EFA-8BCD-0123456789AG", "0198A2B4+C6D8-7EFA-8BCD-0123456789AB", "0198A2B4-C6D8-7EFA-8BCD-0123456789ABC", "ABCDEF", "",
    ])
    func whatOnlyLooksLikeOneIsLeftAlone(_ text: String) throws {
        #expect(String(decoding: try JSONEncoder.hearth.encode([text]), as: UTF8.self) == "[\"\(text)\"]")
    }
}
