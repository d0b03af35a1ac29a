import Foundation

/// Texts in a form in which two spellings of the same are one.
enum TextKey {
    /// Lower case, umlauts written out, letters and digits alone.
    static func folded(_ text: String) -> String {
        String(String.UnicodeScalarView(unaccented(text).unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil }))
    }

    /// "Musterstr.", "Muster Straße" and "Musterstrasse" are one street.
    static func street(_ street: String) -> String {
        let key = folded(street)
        return key.hasSuffix("strasse") ? String(key.dropLast(4)) : key
    }

    /// The storey: "EG", "Erdgeschoss" and "0" are one, as are "2. OG", "2. Etage" and "2". Nil for what says no number.
    static func storey(_ floor: String) -> Int? {
        let key = unaccented(floor)
        if let number = key.firstMatch(of: /-?\d{1,2}/) { return Int(number.0) }
        if key.contains("erdgeschoss") || key.contains("parterre") || key.split(whereSeparator: { !$0.isLetter }).contains("eg") { return 0 }
        return nil
    }

    /// Words of letters and digits.
    static func words(_ text: String) -> [String] {
        unaccented(text).split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }

    private static func unaccented(_ text: String) -> String {
        let written = text.lowercased().replacing("ä", with: "ae").replacing("ö", with: "oe").replacing("ü", with: "ue").replacing("ß", with: "ss")
        return written.utf8.allSatisfy { $0 < 0x80 } ? written : written.folding(options: .diacriticInsensitive, locale: nil)
    }
}
