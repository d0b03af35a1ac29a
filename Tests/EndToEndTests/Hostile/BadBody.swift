import ClientKit
import Foundation

@testable import Demo

/// Bytes that are no body for any operation.
struct BadBody {
    var name: String
    var bytes: [UInt8]
    var headers: [String: String] = [:]

    private init(_ name: String, _ text: String) {
        self.name = name
        bytes = Array(text.utf8)
    }

    private init(_ name: String, bytes: [UInt8], type: String? = nil) {
        self.name = name
        self.bytes = bytes
        if let type { headers["Content-Type"] = type }
    }

    static func all(for operation: Operation) -> [BadBody] { malformed + wrongTypes + dangerous + tooLarge + unreadable + otherTypes(operation) }

    private static let malformed = [
        BadBody("half an object", "{\"a\":"), BadBody("no JSON", "hello"), BadBody("two values", "{} {}"), BadBody("nothing", ""),
        BadBody("half a surrogate", "{\"a\":\"\\ud800\""),
    ]

    private static let wrongTypes = [
        BadBody("a list", "[]"), BadBody("a text", "\"text\""), BadBody("a number", "1"), BadBody("null", "null"), BadBody("true", "true"),
    ]

    private static let dangerous: [BadBody] = {
        let open = String(repeating: "[", count: 10_000)
        let shut = String(repeating: "]", count: 10_000)
        let objects = String(repeating: "{\"a\":", count: 10_000)
        return [
            BadBody("NUL in a text", "{\"a\":\"\\u0000\"}"), BadBody("NUL in a key", "{\"a\\u0000\":1}"), BadBody("NUL between", "{\"a\":\u{0}1}"),
            BadBody("deep lists", open + shut), BadBody("deep objects", objects + "1" + String(repeating: "}", count: 10_000)),
            BadBody("deep within", "{\"a\":" + open + shut + "}"), BadBody("deep and open", open),
        ]
    }()

    /// Beyond what a service takes, and beyond what the gateway does.
    private static let tooLarge = [
        BadBody("1.5 MB", "{\"a\":\"" + String(repeating: "x", count: 1_500_000) + "\"}"),
        BadBody("3 MB", "{\"a\":\"" + String(repeating: "x", count: 3_000_000) + "\"}"),
    ]

    private static let unreadable = [
        BadBody("no UTF-8", bytes: Array("{\"a\":\"".utf8) + [0xff, 0xfe, 0xc0, 0x80] + Array("\"}".utf8)),
        BadBody("UTF-16", bytes: [0, UInt8(ascii: "{"), 0, UInt8(ascii: "}")]),
    ]

    private static func otherTypes(_ operation: Operation) -> [BadBody] {
        let sample = (try? Array(JSONEncoder().encode(operation.body.map(Sample.value) ?? .null))) ?? []
        return [
            BadBody("another type", bytes: sample, type: "text/plain"), BadBody("no type", bytes: sample, type: ""),
            BadBody("a form", bytes: Array("a=1".utf8), type: "application/x-www-form-urlencoded"),
        ]
    }
}
