import Foundation

/// What two spellings have in common.
enum Folding {
    /// Words of letters and digits in lower case; "ä" is "ae" and "ß" is "ss", other marks are left out.
    static func words(_ text: String) -> [String] {
        let german = text.precomposedStringWithCanonicalMapping.lowercased()
            .replacing("ä", with: "ae").replacing("ö", with: "oe").replacing("ü", with: "ue").replacing("ß", with: "ss")
        return german.folding(options: [.diacriticInsensitive, .widthInsensitive], locale: nil)
            .split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
    /// With single spaces, and none around.
    var collapsed: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
