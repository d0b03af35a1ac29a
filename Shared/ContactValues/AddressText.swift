/// A postal address in one line, as a page states it.
public struct AddressText: Sendable, Hashable {
    public let text: String
    /// Its words, folded, with "Str." and "Straße" as one.
    public let key: String

    /// Nil without a letter or a digit, or when it is longer than addresses are.
    public init?(_ text: String) {
        let collapsed = text.collapsed
        guard (5...500).contains(collapsed.unicodeScalars.count), collapsed.contains(where: \.isLetter), collapsed.contains(where: \.isNumber),
            !collapsed.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return nil }
        let words = Folding.words(collapsed).map { word in
            if word == "str" { return "strasse" }
            return word.hasSuffix("str") ? word + "asse" : word
        }
        self.text = collapsed
        // "Allee Str. 1" and "Alleestr. 1" are one street.
        key = words.joined()
    }
}
