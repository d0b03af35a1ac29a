/// A person's or a company's name.
public struct PersonName: Sendable, Hashable {
    public let text: String
    /// Its words without titles and forms of address, folded and in the order of the alphabet: "Müller, Dr. Hans" is "Hans Mueller".
    public let key: String

    private static let ignored: Set<String> = [
        "herr", "herrn", "frau", "familie", "dr", "prof", "dipl", "ing", "kfm", "med", "jur", "phil", "mr", "mrs", "ms", "hr", "fr", "und", "u",
    ]

    /// Nil when no word is left, or when it is longer than names are.
    public init?(_ text: String) {
        let collapsed = text.collapsed
        let words = Folding.words(collapsed)
        let meaning = words.filter { !Self.ignored.contains($0) }
        guard (1...255).contains(collapsed.unicodeScalars.count), words.contains(where: { $0.contains(where: \.isLetter) }) else { return nil }
        guard !collapsed.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return nil }
        self.text = collapsed
        key = (meaning.isEmpty ? words : meaning).sorted().joined(separator: " ")
    }

    /// How much of two names is one, 0 to 1: the words in common among all of them; an initial counts as half a word.
    public static func similarity(_ one: String, _ other: String) -> Double {
        guard let one = PersonName(one)?.key, let other = PersonName(other)?.key else { return 0 }
        if one == other { return 1 }
        var rest = other.split(separator: " ")
        let words = one.split(separator: " ")
        var common = 0.0
        for word in words {
            if let same = rest.firstIndex(of: word) {
                rest.remove(at: same)
                common += 1
            } else if let initial = rest.firstIndex(where: { ($0.count == 1 || word.count == 1) && $0.first == word.first }) {
                rest.remove(at: initial)
                common += 0.5
            }
        }
        return common / max(Double(max(words.count, other.split(separator: " ").count)), 1)
    }
}
