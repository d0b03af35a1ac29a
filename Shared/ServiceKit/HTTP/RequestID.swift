import Foundation
import HTTPTypes

/// `X-Request-Id`: taken from the request when it is 1 to 128 characters of `[A-Za-z0-9._-]`, else made.
enum RequestID {
    static func of(_ headers: HTTPFields) -> String {
        if let given = headers[.requestID], isWellFormed(given) { return given }
        return new()
    }

    static func new() -> String { UUID.v7().uuidString.lowercased() }

    static func isWellFormed(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
