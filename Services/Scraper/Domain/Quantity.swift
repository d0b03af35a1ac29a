import Foundation

/// Amounts, areas and counts with their unit, as stated. What is no plain quantity ("3 Monatsmieten", "n.a.", "auf Anfrage") is nil.
enum Quantity {
    /// Euros: "590€", "1.234,56 €", "6.900", "480 EUR (zzgl.)".
    static func euros(_ text: String?) -> Decimal? {
        guard let (value, rest) = amount(text) else { return nil }
        let unit = rest.drop { $0.isWhitespace || $0 == "," || $0 == "-" || $0 == "–" }.lowercased()
        guard unit.isEmpty || ["€", "eur"].contains(where: unit.hasPrefix) else { return nil }
        return unit.contains("/m") ? nil : value
    }

    /// Square metres: "131,37 m²", "24m2", "84 qm".
    static func squareMetres(_ text: String?) -> Decimal? {
        guard let (value, rest) = amount(text) else { return nil }
        let unit = rest.trimmingCharacters(in: .whitespaces).lowercased()
        return ["m²", "m2", "qm"].contains(where: unit.hasPrefix) ? value : nil
    }

    /// Rooms: "2", "2,5 Zi.", "3 Zimmer", "Zi. 2,5". A flat has at most 99.
    static func rooms(_ text: String?) -> Decimal? {
        var text = text?.collapsed
        if let label = ["Zi. ", "Zimmer: "].first(where: { text?.hasPrefix($0) == true }) { text?.removeFirst(label.count) }
        guard let (value, rest) = amount(text), value > 0, value < 100 else { return nil }
        let unit = rest.trimmingCharacters(in: .whitespaces).lowercased()
        return unit.isEmpty || unit.hasPrefix("zi") || unit.hasPrefix("raum") || unit.hasPrefix("räume") ? value : nil
    }

    /// A count between 0 and 1,000.
    static func count(_ text: String?) -> Int? {
        guard let text, let value = GermanNumber.integer(text.collapsed), (0...1000).contains(value) else { return nil }
        return value
    }

    /// Whole months: "6 Monate", "2 Jahre".
    static func months(_ text: String?) -> Int? {
        guard let (value, rest) = amount(text), let number = GermanNumber.integer("\(value)") else { return nil }
        let unit = rest.trimmingCharacters(in: .whitespaces).lowercased()
        if unit.hasPrefix("jahr") { return number * 12 }
        return unit.isEmpty || unit.hasPrefix("monat") ? number : nil
    }

    /// A year of building.
    static func year(_ text: String?) -> Int? {
        guard let text, let value = GermanNumber.integer(text.collapsed), (1000...2200).contains(value) else { return nil }
        return value
    }

    /// A number at the beginning, "ca." and "ab" forgiven.
    private static func amount(_ text: String?) -> (value: Decimal, rest: Substring)? {
        guard var text = text?.collapsed[...] else { return nil }
        for word in ["ca. ", "ab ", "€ "] where text.lowercased().hasPrefix(word) { text = text.dropFirst(word.count) }
        guard text.first?.isASCIIDigit == true else { return nil }
        return GermanNumber.first(in: text)
    }
}
