import Foundation

extension JSONValue {
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
    var number: Decimal? { if case .number(let number) = self { number } else { nil } }
    var list: [JSONValue]? { if case .list(let list) = self { list } else { nil } }
    var object: [String: JSONValue]? { if case .object(let object) = self { object } else { nil } }

    /// A whole number from 0 on.
    var count: Int? {
        guard let number, let count = Int(exactly: NSDecimalNumber(decimal: number)), count >= 0 else { return nil }
        return count
    }

    /// As it stands on the wire.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }
}
