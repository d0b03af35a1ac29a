import Crypto
import Foundation

@testable import Scraper

/// What a page states of one field, as `Labels/README.md` says.
struct FieldLabel {
    private let label: JSONValue

    init(_ label: JSONValue) { self.label = label }

    var isStated: Bool { label != .null }

    func isMet(by read: JSONValue) -> Bool {
        switch label {
        case .null: read == .null
        case .object(let rules): rules.allSatisfy { isMet($0.key, $0.value, by: read) }
        case .number(let expected):
            // Coordinates pass through a double.
            if case .number(let actual) = read { (actual - expected).magnitude < Decimal(sign: .plus, exponent: -7, significand: 1) } else { false }
        default: label == read
        }
    }

    private func isMet(_ rule: String, _ value: JSONValue, by read: JSONValue) -> Bool {
        switch (rule, value, read) {
        case ("present", _, _): read != .null && read != .array([])
        case ("hash", .string(let hash), .string(let text)): Self.hash(text) == hash
        case ("count", .number(let count), .array(let items)): count == Decimal(items.count)
        case ("least", .number(let least), .string(let text)): Decimal(text.count) >= least
        default: false
        }
    }

    private static func hash(_ text: String) -> String {
        let digest = SHA256.hash(data: Data("hearth-labels:\(text.collapsed)".utf8))
        return String(digest.map { String(format: "%02x", $0) }.joined().prefix(16))
    }
}
