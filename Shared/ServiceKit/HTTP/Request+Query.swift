import Foundation
import Hummingbird

extension Request {
    /// A query parameter, nil when absent. Throws 422 (`query/<name>`) when it is there and not of the type, given twice, or not UTF-8.
    ///
    ///     let limit = try request.query("limit", as: Int.self)
    public func query<Value: QueryValue>(_ name: String, as type: Value.Type = Value.self) throws -> Value? {
        let values = try queries(name, as: type)
        guard values.count < 2 else { throw APIError.invalid([FieldError("query/\(name)", "repeated", "must be given once")]) }
        return values.first
    }

    /// A text parameter of at most `maximum` characters, nil when absent or empty.
    public func query(_ name: String, maximum: Int) throws -> String? {
        guard let text = try query(name, as: String.self), !text.isEmpty else { return nil }
        guard text.unicodeScalars.count <= maximum else {
            throw APIError.invalid([FieldError("query/\(name)", "length", "must be at most \(maximum) characters long")])
        }
        return text
    }

    /// Every value of a query parameter that may be repeated (`?city=Berlin&city=Bonn`), in order.
    public func queries<Value: QueryValue>(_ name: String, as type: Value.Type = Value.self) throws -> [Value] {
        guard let query = uri.query else { return [] }
        return try query.utf8.split(separator: UInt8(ascii: "&")).compactMap { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = parts.first, Self.formDecoded(key) == name else { return nil }
            let text = parts.count == 2 ? Self.formDecoded(parts[1]) : ""
            guard let text, let value = Value(query: text) else {
                throw APIError.invalid([FieldError("query/\(name)", "type", "must be \(Value.expectation)")])
            }
            return value
        }
    }

    /// Percent-decoded, `+` being a space; nil when that is not UTF-8.
    private static func formDecoded(_ text: Substring.UTF8View) -> String? {
        String(Substring(text)).replacing("+", with: " ").removingPercentEncoding
    }
}
