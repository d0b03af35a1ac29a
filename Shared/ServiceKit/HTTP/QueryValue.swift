import Foundation

/// What a query parameter can be read as.
public protocol QueryValue: Sendable {
    /// Nil when the text is not one.
    init?(query: String)
    /// "must be …" for the refusal.
    static var expectation: String { get }
}

extension String: QueryValue {
    /// NUL is refused: no column can hold it.
    public init?(query: String) {
        guard !query.utf8.contains(0) else { return nil }
        self = query
    }
    public static var expectation: String { "a text" }
}

extension Int: QueryValue {
    public init?(query: String) { self.init(query) }
    public static var expectation: String { "a whole number" }
}

extension Int64: QueryValue {
    public init?(query: String) { self.init(query) }
    public static var expectation: String { "a whole number" }
}

extension Double: QueryValue {
    public init?(query: String) {
        guard let value = Double(query), value.isFinite else { return nil }
        self = value
    }
    public static var expectation: String { "a number" }
}

extension Decimal: QueryValue {
    public init?(query: String) {
        guard query.wholeMatch(of: /-?[0-9]{1,20}(\.[0-9]{1,15})?/) != nil else { return nil }
        self.init(string: query, locale: Locale(identifier: "en_US_POSIX"))
    }
    public static var expectation: String { "a number" }
}

extension Bool: QueryValue {
    public init?(query: String) { self.init(query) }
    public static var expectation: String { "true or false" }
}

extension UUID: QueryValue {
    public init?(query: String) { self.init(uuidString: query) }
    public static var expectation: String { "a UUID" }
}

extension Date: QueryValue {
    public init?(query: String) {
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = try? fractional.parse(query) else {
            guard let date = try? Date.ISO8601FormatStyle().parse(query) else { return nil }
            self = date
            return
        }
        self = date
    }
    public static var expectation: String { "a time such as 2026-11-21T09:30:00Z" }
}

extension QueryValue where Self: WireEnumeration {
    public init?(query: String) { self.init(rawValue: query) }
    public static var expectation: String { "one of: " + allCases.map(\.rawValue).joined(separator: ", ") }
}
