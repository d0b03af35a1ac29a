import Foundation

/// Numbers as German pages write them: "1.234,56", "2,5", "131", "83.2".
enum GermanNumber {
    /// The first number in a text, and what follows it.
    static func first(in text: some StringProtocol) -> (value: Decimal, rest: Substring)? {
        let text = Substring(text)
        guard let start = text.firstIndex(where: \.isASCIIDigit) else { return nil }
        let tail = text[start...]
        var digits = tail.prefix { $0.isASCIIDigit || $0 == "." || $0 == "," }
        while let last = digits.last, !last.isASCIIDigit { digits.removeLast() }
        guard let value = decimal(digits) else { return nil }
        return (value, text[digits.endIndex...])
    }

    /// The whole text as a number.
    static func parse(_ text: some StringProtocol) -> Decimal? {
        guard let (value, rest) = first(in: text), text.first?.isASCIIDigit == true, rest.isEmpty else { return nil }
        return value
    }

    static func integer(_ text: some StringProtocol) -> Int? {
        guard let (value, _) = first(in: text), value < 1_000_000_000 else { return nil }
        let number = NSDecimalNumber(decimal: value)
        return Decimal(number.intValue) == value ? number.intValue : nil
    }

    /// A comma is the decimal sign; points group thousands, unless the one there is cannot (as in "83.2").
    private static func decimal(_ digits: Substring) -> Decimal? {
        let parts = digits.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= 2, digits.utf8.count <= 24 else { return nil }
        let groups = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let grouped = groups.count == 1 || (groups.dropFirst().allSatisfy { $0.count == 3 } && (1...3).contains(groups[0].count))
        if grouped {
            return Decimal(string: groups.joined() + (parts.count == 2 ? "." + parts[1] : ""))
        }
        return parts.count == 1 && groups.count == 2 ? Decimal(string: String(parts[0])) : nil
    }
}

extension Character {
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
