import Foundation

/// A value inside a JSON document, with the way to it. What is not there is null, so that a path needs no checks.
struct JSONNode: Sendable {
    let value: JSONValue
    let place: PagePlace

    /// More than any page lists.
    static let mostItems = 2000

    /// Nil for what is no JSON.
    init?(_ bytes: some Sequence<UInt8>, method: PagePlace.Method = .json, root: String = "$") {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(JSONRepair.escapingControls(Array(bytes)))) else { return nil }
        self.init(value, PagePlace(method: method, path: root))
    }

    init(_ value: JSONValue, _ place: PagePlace) {
        self.value = value
        self.place = place
    }

    subscript(key: String) -> JSONNode {
        guard case .object(let members) = value, let member = members[key] else { return step(.null, "." + key) }
        return step(member, "." + key)
    }

    subscript(index: Int) -> JSONNode {
        guard case .array(let values) = value, values.indices.contains(index) else { return step(.null, "[\(index)]") }
        return step(values[index], "[\(index)]")
    }

    /// The elements of an array, the first of very many; a single value where a list may stand is a list of one.
    var items: [JSONNode] {
        switch value {
        case .array(let values): values.prefix(Self.mostItems).enumerated().map { step($1, "[\($0)]") }
        case .null: []
        default: [self]
        }
    }

    /// The texts in the document, each behind its key, in the order of the keys, its escapes undone: `phone: 030 901820`. No more than are read, as
    /// a long key over many texts stands before each of them.
    var labelledTexts: [String] {
        var texts: [String] = []
        var length = 0
        var pending = [(key: "", value: value)]
        while length <= ReadText.longest, let (key, next) = pending.popLast() {
            switch next {
            case .string(let text):
                let labelled = key.isEmpty ? text : "\(key): \(text)"
                texts.append(labelled)
                length += labelled.utf8.count
            case .array(let values): pending += values.reversed().map { (key, $0) }
            case .object(let members): pending += members.sorted { $0.key > $1.key }.map { ($0.key, $0.value) }
            case .null, .bool, .number: break
            }
        }
        return texts
    }

    var isNull: Bool { value == .null }

    /// A text that says something, or a number as text.
    var text: String? {
        switch value {
        case .string(let text): text.allSatisfy(\.isWhitespace) ? nil : text
        case .number(let number): "\(number)"
        default: nil
        }
    }

    /// A number, also one written as text in the manner of machines ("51.2").
    var number: Decimal? {
        switch value {
        case .number(let number): number
        case .string(let text):
            text.wholeMatch(of: /-?\d{1,15}(\.\d{1,15})?/) == nil ? nil : Decimal(string: text)
        default: nil
        }
    }

    var double: Double? { number.map { NSDecimalNumber(decimal: $0).doubleValue } }

    var integer: Int? {
        guard let number, number.magnitude < 1_000_000_000, Decimal(NSDecimalNumber(decimal: number).intValue) == number else { return nil }
        return NSDecimalNumber(decimal: number).intValue
    }

    var bool: Bool? {
        if case .bool(let bool) = value { bool } else { nil }
    }

    /// A moment in ISO 8601, with or without fractions of a second.
    var date: Date? {
        guard let text else { return nil }
        return (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))) ?? (try? Date(text, strategy: .iso8601))
    }

    private func step(_ value: JSONValue, _ part: String) -> JSONNode {
        JSONNode(value, PagePlace(method: place.method, path: place.path + part))
    }
}
