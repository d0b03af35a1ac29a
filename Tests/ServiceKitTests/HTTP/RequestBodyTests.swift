import Foundation
import Hummingbird
import NIOCore
import Testing

@testable import ServiceKit

struct RequestBodyTests {
    enum Kind: String, WireEnumeration { case apartment, house }

    struct Body: Codable, Validated {
        struct Place: Codable {
            var city: String
            var rooms: Int?
        }
        var name: String
        var kind: Kind
        var places: [Place]
        var rent: Decimal?
        var id: UUID?
        var at: Date?

        func validate(_ check: inout Validation) {
            check.text(name, "/name", maximum: 10)
            check.range(places.count, "/places", 0...2)
        }
    }

    private func decode(_ json: String) throws -> Body {
        try Request.decode(Body.self, from: ByteBuffer(string: json))
    }

    private func refusal(_ json: String) throws -> APIError {
        try #require(#expect(throws: APIError.self) { try decode(json) })
    }

    @Test func aGoodBodyIsRead() throws {
        let body = try decode(
            #"{"name":"Ümläut \u00e4","kind":"house","places":[{"city":"Bonn","rooms":2}],"rent":1234.56,"at":"2026-11-21T09:30:00Z"}"#)
        #expect(body.name == "Ümläut ä")
        #expect(body.rent == Decimal(string: "1234.56"))
    }

    @Test(arguments: ["{", "[1,2", "nonsense", #"{"name":}"#, #"{"name":"a" "kind":1}"#, "\u{FEFF}", "{} {}", #"{"name":"\ud800"}"#])
    func brokenJSONIs400(_ json: String) throws {
        #expect(try refusal(json).status == .badRequest)
    }

    @Test func deepNestingIsRefusedBeforeTheDecoderSeesIt() throws {
        let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        #expect(try refusal(deep).status == .badRequest)
        #expect(try refusal(String(repeating: #"{"a":"#, count: 10_000)).status == .badRequest)
        let text = String(repeating: "[", count: 200)
        #expect(try decode(#"{"name":"\#(text)","kind":"house","places":[]}"#).name == text)
    }

    @Test(arguments: [#"{"name":"a\u0000b"}"#, "{\"name\":\"a\u{0}b\"}", "\u{0}"])
    func nulIsRefused(_ json: String) throws {
        let error = try refusal(json)
        #expect(error.status == .unprocessableContent)
        #expect(error.errors.map(\.code) == ["control_characters"])
    }

    @Test func anEscapedBackslashBeforeU0000IsNoNUL() throws {
        #expect(try decode(#"{"name":"a\\u0000b","kind":"house","places":[]}"#).name == #"a\u0000b"#)
    }

    @Test func invalidUTF8Is400() throws {
        var bytes = Array(#"{"name":""#.utf8)
        bytes += [0xff, 0xfe] + Array(#""}"#.utf8)
        let error = #expect(throws: APIError.self) { try Request.decode(Body.self, from: ByteBuffer(bytes: bytes)) }
        #expect(error?.status == .badRequest)
    }

    @Test(arguments: [
        (#"{"kind":"house","places":[]}"#, "/name", "required"),
        (#"{"name":null,"kind":"house","places":[]}"#, "/name", "required"),
        (#"{"name":1,"kind":"house","places":[]}"#, "/name", "type"),
        (#"{"name":"a","kind":"castle","places":[]}"#, "/kind", "unknown_value"),
        (#"{"name":"a","kind":7,"places":[]}"#, "/kind", "type"),
        (#"{"name":"a","kind":"house","places":[{"city":"Bonn"},{"city":1}]}"#, "/places/1/city", "type"),
        (#"{"name":"a","kind":"house","places":[{"city":"Bonn","rooms":1.5}]}"#, "", "format"),
        (#"{"name":"a","kind":"house","places":[{"city":"Bonn","rooms":99999999999999999999}]}"#, "", "format"),
        (#"{"name":"a","kind":"house","places":{}}"#, "/places", "type"),
        (#"{"name":"a","kind":"house","places":[],"id":"x"}"#, "/id", "format"),
        (#"{"name":"a","kind":"house","places":[],"at":"yesterday"}"#, "/at", "format"),
        ("[]", "", "type"),
    ])
    func aWrongFieldIsNamedByItsPointer(_ json: String, _ pointer: String, _ code: String) throws {
        let error = try refusal(json)
        #expect(error.status == .unprocessableContent)
        #expect(error.errors.map(\.pointer) == [pointer])
        #expect(error.errors.map(\.code) == [code])
    }

    @Test func theAllowedValuesAreListed() throws {
        #expect(try refusal(#"{"name":"a","kind":"castle","places":[]}"#).errors[0].detail == "must be one of: apartment, house")
    }

    @Test func pointersAreEscaped() {
        struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        #expect(FieldError.pointer([Key(stringValue: "a/b"), Key(stringValue: "c~d")]) == "/a~1b/c~0d")
    }

    @Test func allBrokenRulesAreToldAtOnce() throws {
        var check = Validation()
        Body(name: "  \u{7}", kind: .house, places: Array(repeating: .init(city: "x"), count: 3)).validate(&check)
        #expect(check.errors.map(\.pointer) == ["/name", "/places"])
        check.text("line\nbreak", "/text", maximum: 20)
        check.text("line\nbreak", "/more", maximum: 20, multiline: true)
        check.text("", "/empty", maximum: 20)
        #expect(check.errors.suffix(2).map(\.code) == ["control_characters", "required"])
    }
}
